-- The next version of a tier begins as a copy of the last. FND-20.

set role app_engine;

create or replace function app_public.draft_platform_tier_version(tier_id uuid) returns app_public.platform_tier_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_last app_public.platform_tier_versions;
  v_draft app_public.platform_tier_versions;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  -- One after the other: both would write the next number.
  perform from app_public.platform_tiers where platform_tiers.id = draft_platform_tier_version.tier_id for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select versions.* into v_last
  from app_public.platform_tier_versions as versions
  where versions.tier_id = draft_platform_tier_version.tier_id
  order by versions.version desc
  limit 1;
  if v_last.id is not null and v_last.published_at is null then
    return v_last;
  end if;

  insert into app_public.platform_tier_versions (tier_id, version, ai_markup_basis_points, trial_days)
  values (draft_platform_tier_version.tier_id, coalesce(v_last.version, 0) + 1, coalesce(v_last.ai_markup_basis_points, 3000),
          coalesce(v_last.trial_days, 30))
  returning * into v_draft;
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount, setup_amount)
  select v_draft.id, prices.currency, prices.tenancy_mode, prices.monthly_amount, prices.annual_amount, prices.setup_amount
  from app_public.platform_tier_prices as prices where prices.tier_version_id = v_last.id;
  insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
  select v_draft.id, limits.meter, limits.enforcement, limits.included
  from app_public.platform_tier_limits as limits where limits.tier_version_id = v_last.id;
  insert into app_public.platform_overage_prices (tier_version_id, meter, currency, unit_price)
  select v_draft.id, prices.meter, prices.currency, prices.unit_price
  from app_public.platform_overage_prices as prices where prices.tier_version_id = v_last.id;
  return v_draft;
end;
$$;

comment on function app_public.draft_platform_tier_version is
  'The draft of a tier, made as a copy of its last version where there is none. Clinics keep the version that they subscribed to. Superadmin only.';
grant execute on function app_public.draft_platform_tier_version to app_member;

reset role;
