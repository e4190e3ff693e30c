-- What was used of each meter that is billed, and what it costs, by the usage up to a position. BIL-02.
-- Only soft limits with a price in the currency are billed, and nothing that stands: of that there are no records (FND-20). A meter that adds up (sum, count) is rated once for the period: its
-- allowance is that of each version for the version's days, and what was used on days without such a limit is allowed; the version of
-- the last day says the price. A meter that does not add up is a level: each version rates the level of its days, for its days.

create or replace function app_private.rate_usage(
  subscription app_public.organization_subscriptions, period app_public.billing_periods, to_position bigint
) returns setof app_private.rated_usage
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_days constant int := period.ends_on - period.starts_on;
begin
  return query
  with spans as materialized (
    select spans.*, spans.starts_on - period.starts_on as from_day, spans.ends_on - period.starts_on as to_day
    from app_private.usage_spans(subscription, period) as spans
  ),
  whole as (
    select tstzrange(min(lower(spans.during)), max(upper(spans.during))) as during from spans
  ),
  billed as materialized (
    select meters.key as meter, meters.aggregation in ('sum', 'count') as adds_up, spans.*, limits.included, prices.unit_price
    from spans
    join app_public.platform_tier_limits as limits
      on limits.tier_version_id = spans.tier_version_id and limits.enforcement = 'soft' and limits.included is not null
    join app_public.platform_overage_prices as prices
      on prices.tier_version_id = limits.tier_version_id and prices.meter = limits.meter and prices.currency = subscription.currency
    join app_public.meters on meters.key = limits.meter and not meters.is_standing
  ),
  added as (
    select last.meter, last.tier_version_id, last.unit_price,
      case when whole.during is null then 0
        else app_private.usage_between(subscription.organization_id, last.meter, whole.during, 0, to_position) end as used,
      (
        select sum(case
          when billed.meter is not null
            then app_private.prorated(billed.included, v_days, billed.to_day) - app_private.prorated(billed.included, v_days, billed.from_day)
          when spans.during is null then 0
          else app_private.usage_between(subscription.organization_id, last.meter, spans.during, 0, to_position)
        end)
        from spans
        left join billed on billed.meter = last.meter and billed.starts_on = spans.starts_on
      ) as included
    from billed as last
    cross join whole
    where last.is_last and last.adds_up
  ),
  levels as (
    select billed.*,
      app_private.usage_between(subscription.organization_id, billed.meter, billed.during, 0, to_position) as used
    from billed
    where not billed.adds_up and billed.during is not null
  )
  select added.meter, added.tier_version_id, period.starts_on, period.ends_on, added.used, added.included,
    greatest(added.used - added.included, 0), added.unit_price,
    app_private.overage(added.used, added.included, added.unit_price)
  from added
  union all
  select levels.meter, levels.tier_version_id, levels.starts_on, levels.ends_on, levels.used, levels.included,
    greatest(levels.used - levels.included, 0), levels.unit_price,
    app_private.prorated(greatest(levels.used - levels.included, 0) * levels.unit_price, v_days, levels.to_day)
      - app_private.prorated(greatest(levels.used - levels.included, 0) * levels.unit_price, v_days, levels.from_day)
  from levels;
end;
$$;

comment on function app_private.rate_usage is
  'Each meter that is billed in a period, or each span of it, with what was used, what is included, and what the rest costs.';
grant execute on function app_private.rate_usage to app_engine;
