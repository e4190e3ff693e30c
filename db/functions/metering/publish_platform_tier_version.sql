-- From here on nothing of a version changes, and clinics subscribe to it. FND-20.

set role app_engine;

create or replace function app_public.publish_platform_tier_version(tier_version_id uuid) returns app_public.platform_tier_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions := app_private.draft_version(publish_platform_tier_version.tier_version_id);
  v_missing record;
begin
  if not exists (select from app_public.platform_tier_prices as prices where prices.tier_version_id = v_version.id) then
    perform app_hidden.refuse('CONFLICT', 'tier_has_no_price');
  end if;
  -- What nobody priced would be billed as nothing; calls of AI models are billed by what each of them cost.
  select limits.meter, currencies.currency into v_missing
  from app_public.platform_tier_limits as limits
  cross join (
    select distinct prices.currency from app_public.platform_tier_prices as prices where prices.tier_version_id = v_version.id) as currencies
  left join app_public.platform_overage_prices as priced
    on priced.tier_version_id = limits.tier_version_id and priced.meter = limits.meter and priced.currency = currencies.currency
  where limits.tier_version_id = v_version.id and limits.enforcement = 'soft' and limits.included is not null
    and limits.meter <> 'ai_calls' and priced.currency is null
  order by limits.meter, currencies.currency
  limit 1;
  if found then
    perform app_hidden.refuse('CONFLICT', 'overage_price_missing', jsonb_build_object('meter', v_missing.meter, 'currency', v_missing.currency));
  end if;

  update app_public.platform_tier_versions as versions set published_at = app_hidden.now()
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.publish_platform_tier_version is
  'Publishes a draft. Superadmin only; CONFLICT tier_has_no_price, overage_price_missing where a soft limit has none in a currency of the version.';
grant execute on function app_public.publish_platform_tier_version to app_member;

reset role;
