-- What a clinic has used, against what its tier includes, and what more would cost if the period ended now, by the function that bills:
-- of a trial nothing, and where the tier changed within the period, by the days of each. FND-20, FND-24, BIL-06.

set role app_engine;

create or replace function app_public.organization_usage(organization_id uuid)
returns setof app_public.metered_usage
language plpgsql stable strict security definer rows 10
set search_path = ''
as $$
declare
  v_span tstzrange;
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
  v_version_id uuid;
  v_currency text;
  v_rated app_private.rated_usage[];
begin
  if not app_hidden.is_superadmin() then
    perform app_private.require_permission(organization_usage.organization_id, 'billing.view');
  elsif not exists (select from app_public.organizations where organizations.id = organization_usage.organization_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  v_span := app_private.usage_period_at(organization_usage.organization_id, app_hidden.now());
  v_version_id := app_private.tier_version_at(organization_usage.organization_id, app_hidden.now());
  v_currency := app_private.billing_currency(organization_usage.organization_id);
  v_period := app_private.billing_period_at(organization_usage.organization_id, app_hidden.now());
  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = v_period.organization_id and subscriptions.id = v_period.subscription_id
    and subscriptions.ended_at is null and not v_period.is_trial;
  if found then
    select array_agg(rated) into v_rated
    from app_private.rate_usage(v_subscription, v_period, app_private.last_usage_position(organization_usage.organization_id)) as rated;
  end if;
  return query
    select meters.key, meters.unit, meters.is_standing, limits.enforcement, coalesce(billed.included, limits.included),
      app_private.usage_now(organization_usage.organization_id, meters.key),
      priced.unit_price,
      case when limits.enforcement = 'soft' and limits.included is not null then coalesce(billed.amount, 0) else billed.amount end,
      case when priced.unit_price is not null or billed.amount is not null then v_currency end,
      lower(v_span), upper(v_span)
    from app_public.meters
    left join app_public.platform_tier_limits as limits on limits.tier_version_id = v_version_id and limits.meter = meters.key
    left join app_public.platform_overage_prices as priced
      on priced.tier_version_id = v_version_id and priced.meter = meters.key and priced.currency = v_currency
    left join (
      -- A meter that adds up has one allowance for the period; of a level each version has one for its days.
      select rated.meter, sum(rated.amount)::bigint as amount, case when count(*) = 1 then floor(min(rated.included))::bigint end as included
      from unnest(v_rated) as rated
      group by rated.meter
    ) as billed on billed.meter = meters.key
    order by meters.is_standing desc, meters.key;
end;
$$;

comment on function app_public.organization_usage is
  'Each meter of a clinic: how much there is, or was used in the period that runs, what is included (by days, where the tier changed in the '
  'period), and what the rest would be billed as of now, in minor units, by the rules of the invoice. Needs billing.view, or a superadmin.';
grant execute on function app_public.organization_usage to app_member;

reset role;
