-- Everything that a bill was computed from, to be kept beside it. BIL-02.

create or replace function app_private.bill_inputs(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  kind text,
  tier_version_id uuid,
  to_position bigint,
  carried_before bigint
) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'policy', app_private.billing_policy(),
    'subscription', jsonb_build_object(
      'id', (subscription).id, 'cadence', (subscription).cadence, 'currency', (subscription).currency,
      'tenancyMode', (subscription).tenancy_mode, 'timezone', (subscription).timezone),
    'period', jsonb_build_object(
      'id', (period).id, 'startsOn', (period).starts_on, 'endsOn', (period).ends_on,
      'startsAt', extract(epoch from lower(whole.during)),
      'endsAt', extract(epoch from case kind when 'period' then least(upper(whole.during), (subscription).ended_at) else upper(whole.during) end)),
    'usage', jsonb_build_object(
      'afterPosition', case kind when 'period' then app_private.billed_position(period) else 0 end,
      'toPosition', to_position,
      'meters', coalesce((
        select jsonb_agg(jsonb_build_object(
          'meter', rated.meter, 'startsOn', rated.starts_on, 'used', rated.used, 'included', rated.included)
          order by rated.meter, rated.starts_on)
        from app_private.rate_usage(subscription, period, to_position) as rated
        where kind = 'period'), '[]'),
      'aiAmount', case kind when 'period' then app_private.ai_amount(subscription, period, to_position) else 0 end),
    'versions', (
      select jsonb_agg(jsonb_build_object(
        'startsOn', days.starts_on, 'endsOn', days.ends_on, 'tierVersionId', versions.id,
        'aiMarkupBasisPoints', versions.ai_markup_basis_points,
        'monthlyAmount', prices.monthly_amount, 'annualAmount', prices.annual_amount, 'setupAmount', prices.setup_amount,
        'limits', (
          select coalesce(jsonb_object_agg(limits.meter, jsonb_build_object(
            'enforcement', limits.enforcement, 'included', limits.included, 'unitPrice', overage.unit_price)), '{}')
          from app_public.platform_tier_limits as limits
          left join app_public.platform_overage_prices as overage
            on overage.tier_version_id = limits.tier_version_id and overage.meter = limits.meter
            and overage.currency = (subscription).currency
          where limits.tier_version_id = versions.id)) order by days.starts_on)
      from (
        select tier_days.* from app_private.tier_days(subscription, (period).starts_on, (period).ends_on) as tier_days
        where kind = 'period'
        union all
        select bill_inputs.tier_version_id, (period).starts_on, (period).ends_on where kind = 'advance'
      ) as days
      join app_public.platform_tier_versions as versions on versions.id = days.tier_version_id
      left join app_public.platform_tier_prices as prices
        on prices.tier_version_id = versions.id and prices.currency = (subscription).currency
        and prices.tenancy_mode = (subscription).tenancy_mode),
    'carriedBefore', carried_before)
  from (select (period).during) as whole
$$;

comment on function app_private.bill_inputs is
  'The versions of the tier with their prices and limits, the period, positions and quantities of usage, and the version of the rules.';
grant execute on function app_private.bill_inputs to app_engine;

create or replace function app_private.inputs_digest(inputs jsonb, billed_to jsonb) returns bytea
language sql immutable parallel safe
set search_path = ''
return sha256(convert_to(jsonb_build_array(inputs, billed_to)::text, 'UTF8'));

comment on function app_private.inputs_digest is 'SHA-256 of what an invoice was computed from and of whom it is for.';
grant execute on function app_private.inputs_digest to app_engine;
