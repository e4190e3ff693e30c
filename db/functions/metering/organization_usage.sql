-- What a clinic has used, against what its tier includes, and what more would cost if the period ended now. FND-20, FND-24, BIL-06.

set role app_engine;

create or replace function app_public.organization_usage(organization_id uuid)
returns setof app_public.metered_usage
language plpgsql stable strict security definer rows 10
set search_path = ''
as $$
declare
  v_period tstzrange;
  v_version_id uuid;
  v_currency text;
begin
  if not app_hidden.is_superadmin() then
    perform app_private.require_permission(organization_usage.organization_id, 'billing.view');
  elsif not exists (select from app_public.organizations where organizations.id = organization_usage.organization_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  v_period := app_private.usage_period_at(organization_usage.organization_id, app_hidden.now());
  v_version_id := app_private.tier_version_at(organization_usage.organization_id, app_hidden.now());
  v_currency := app_private.billing_currency(organization_usage.organization_id);
  return query
    select meters.key, meters.unit, meters.is_standing, limits.enforcement, limits.included,
      app_private.usage_now(organization_usage.organization_id, meters.key),
      priced.unit_price,
      case when limits.enforcement = 'soft' and limits.included is not null then
        app_private.overage(app_private.usage_now(organization_usage.organization_id, meters.key), limits.included, priced.unit_price) end,
      case when priced.unit_price is not null then v_currency end,
      lower(v_period), upper(v_period)
    from app_public.meters
    left join app_public.platform_tier_limits as limits on limits.tier_version_id = v_version_id and limits.meter = meters.key
    left join app_public.platform_overage_prices as priced
      on priced.tier_version_id = v_version_id and priced.meter = meters.key and priced.currency = v_currency
    order by meters.is_standing desc, meters.key;
end;
$$;

comment on function app_public.organization_usage is
  'Each meter of a clinic: how much there is, or was used in the period that runs, what the tier includes, and what the rest would be billed '
  'as of now, in minor units. Needs billing.view, or a superadmin.';
grant execute on function app_public.organization_usage to app_member;

reset role;
