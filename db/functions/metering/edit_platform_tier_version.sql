-- What a draft costs and includes, all at once: either everything is as given, or nothing changed. FND-20.

set role app_engine;

create or replace function app_public.edit_platform_tier_version(
  tier_version_id uuid,
  trial_days int,
  ai_markup_basis_points int,
  prices app_public.tier_price[],
  limits app_public.tier_limit[],
  overage_prices app_public.tier_overage_price[]
) returns app_public.platform_tier_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions := app_private.draft_version(edit_platform_tier_version.tier_version_id);
begin
  perform app_private.refuse_tier_content(trial_days, ai_markup_basis_points, prices, limits, overage_prices);

  delete from app_public.platform_overage_prices as known where known.tier_version_id = v_version.id;
  delete from app_public.platform_tier_limits as known where known.tier_version_id = v_version.id;
  delete from app_public.platform_tier_prices as known where known.tier_version_id = v_version.id;
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount, setup_amount)
  select v_version.id, given.currency, given.tenancy_mode, given.monthly_amount, given.annual_amount, coalesce(given.setup_amount, 0)
  from unnest(edit_platform_tier_version.prices) as given;
  insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
  select v_version.id, given.meter, given.enforcement, given.included
  from unnest(edit_platform_tier_version.limits) as given;
  insert into app_public.platform_overage_prices (tier_version_id, meter, currency, unit_price)
  select v_version.id, given.meter, given.currency, given.unit_price
  from unnest(edit_platform_tier_version.overage_prices) as given;
  update app_public.platform_tier_versions as versions
  set trial_days = edit_platform_tier_version.trial_days, ai_markup_basis_points = edit_platform_tier_version.ai_markup_basis_points
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.edit_platform_tier_version is
  E'@arg trialDays How many days a new subscription is free.\n'
  '@arg aiMarkupBasisPoints What is added to the cost of AI calls, in hundredths of a percent.\n'
  '@arg prices All prices; one for each currency and way of being hosted.\n'
  '@arg limits All limits; a meter that is left out is neither limited nor billed.\n'
  '@arg overagePrices All prices of what is used beyond a soft limit.\n'
  'Replaces what a draft says. Superadmin only; IMMUTABLE never_changed once it was published; VALIDATION tier_price_malformed, '
  'tier_limit_malformed, overage_price_malformed with the place in the list; tier_limit_only_soft with the meter whose use is known only '
  'afterwards.';
grant execute on function app_public.edit_platform_tier_version to app_member;

reset role;

-- A draft, locked for whoever edits or publishes it.
create or replace function app_private.draft_version(tier_version_id uuid) returns app_public.platform_tier_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select versions.* into v_version
  from app_public.platform_tier_versions as versions
  where versions.id = draft_version.tier_version_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif v_version.published_at is not null then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "platform_tier_versions"}');
  end if;
  return v_version;
end;
$$;

comment on function app_private.draft_version is
  'The draft, locked. FORBIDDEN superadmin_only, NOT_FOUND, IMMUTABLE never_changed once it was published.';
grant execute on function app_private.draft_version to app_engine;

create or replace function app_private.refuse_tier_content(
  trial_days int,
  ai_markup_basis_points int,
  prices app_public.tier_price[],
  limits app_public.tier_limit[],
  overage_prices app_public.tier_overage_price[]
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_place bigint;
  v_meter text;
begin
  if trial_days not between 0 and 365 then
    perform app_hidden.refuse('VALIDATION', 'tier_trial_out_of_range', '{"field": "trialDays", "most": 365}');
  elsif ai_markup_basis_points not between 0 and 100000 then
    perform app_hidden.refuse('VALIDATION', 'tier_markup_out_of_range', '{"field": "aiMarkupBasisPoints", "most": 100000}');
  end if;

  select given.place into v_place
  from unnest(prices) with ordinality as given (currency, tenancy_mode, monthly_amount, annual_amount, setup_amount, place)
  where not coalesce(
    given.currency ~ '^[A-Z]{3}$' and given.tenancy_mode in ('shared', 'dedicated') and given.monthly_amount >= 0 and given.annual_amount >= 0
      and coalesce(given.setup_amount, 0) >= 0
      and not exists (
        select from unnest(prices) with ordinality as other (currency, tenancy_mode, m, a, s, place)
        where (other.currency, other.tenancy_mode) = (given.currency, given.tenancy_mode) and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'tier_price_malformed', jsonb_build_object('field', 'prices', 'place', v_place));
  end if;

  select given.place, given.meter into v_place, v_meter
  from unnest(limits) with ordinality as given (meter, enforcement, included, place)
  join app_public.meters on meters.key = given.meter and not meters.can_be_hard
  where given.enforcement = 'hard'
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'tier_limit_only_soft', jsonb_build_object('field', 'limits', 'place', v_place, 'meter', v_meter));
  end if;

  -- How much there is cannot be billed as it grows.
  select given.place into v_place
  from unnest(limits) with ordinality as given (meter, enforcement, included, place)
  left join app_public.meters on meters.key = given.meter
  where not coalesce(
    case given.enforcement when 'hard' then meters.key is not null when 'soft' then not meters.is_standing end
      and coalesce(given.included, 0) >= 0
      and not exists (
        select from unnest(limits) with ordinality as other (meter, e, i, place)
        where other.meter = given.meter and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'tier_limit_malformed', jsonb_build_object('field', 'limits', 'place', v_place));
  end if;

  select given.place into v_place
  from unnest(overage_prices) with ordinality as given (meter, currency, unit_price, place)
  where not coalesce(
    given.currency ~ '^[A-Z]{3}$' and given.unit_price >= 0 and given.unit_price < 1e12 and scale(given.unit_price) <= 9
      and exists (select from unnest(limits) as other where other.meter = given.meter and other.enforcement = 'soft' and other.included is not null)
      and not exists (
        select from unnest(overage_prices) with ordinality as other (meter, currency, u, place)
        where (other.meter, other.currency) = (given.meter, given.currency) and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'overage_price_malformed', jsonb_build_object('field', 'overagePrices', 'place', v_place));
  end if;
end;
$$;

comment on function app_private.refuse_tier_content is
  'Refuses what no version can say: twice the same, a negative price, a hard limit of what cannot be refused, a soft one of what stands, a price without a soft limit.';
grant execute on function app_private.refuse_tier_content to app_engine;
