-- The version that a clinic gets when it chooses a tier: the one that was published last. BIL-01, FND-20.

create or replace function app_private.offered_tier_version(
  tier_id uuid, currency text, tenancy_mode text, for_the_clinic boolean
) returns app_public.platform_tier_versions
language plpgsql stable
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions;
begin
  select versions.* into v_version
  from app_public.platform_tiers
  join app_public.platform_tier_versions as versions on versions.tier_id = platform_tiers.id
  where platform_tiers.id = offered_tier_version.tier_id
    and (platform_tiers.is_offered or not for_the_clinic)
    and versions.published_at is not null
  order by versions.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'platform_tier_not_found');
  elsif not exists (
    select from app_public.platform_tier_prices
    where platform_tier_prices.tier_version_id = v_version.id
      and platform_tier_prices.currency = offered_tier_version.currency
      and platform_tier_prices.tenancy_mode = offered_tier_version.tenancy_mode
  ) then
    perform app_hidden.refuse(
      'VALIDATION', 'tier_has_no_price', jsonb_build_object('field', 'tierId', 'currency', offered_tier_version.currency));
  end if;
  return v_version;
end;
$$;

comment on function app_private.offered_tier_version is
  'The latest published version of a tier that is offered; the platform may choose one that is not. NOT_FOUND platform_tier_not_found; '
  'VALIDATION tier_has_no_price in this currency.';
grant execute on function app_private.offered_tier_version to app_engine;
