-- Which version of a tier a subscription has on which days: the last change of a day is the one that holds on it. BIL-02.

create or replace function app_private.tier_days(
  subscription app_public.organization_subscriptions, from_day date, to_day date
) returns table (tier_version_id uuid, starts_on date, ends_on date)
language sql stable
set search_path = ''
as $$
  with changes as (
    select distinct on (tiers.starts_on) tiers.starts_on, tiers.tier_version_id
    from app_public.organization_subscription_tiers as tiers
    where tiers.organization_id = (subscription).organization_id
      and tiers.subscription_id = (subscription).id
      and tiers.starts_on < to_day
    order by tiers.starts_on, tiers.position desc
  ),
  spans as (
    select changes.tier_version_id,
      case when row_number() over days > 1 then greatest(changes.starts_on, from_day) else from_day end as starts_on,
      coalesce(lead(changes.starts_on) over days, to_day) as ends_on
    from changes
    window days as (order by changes.starts_on)
  ),
  marked as (
    select spans.*, spans.tier_version_id is distinct from lag(spans.tier_version_id) over (order by spans.starts_on) as is_other
    from spans
    where spans.ends_on > spans.starts_on
  ),
  counted as (
    select marked.*, count(*) filter (where marked.is_other) over (order by marked.starts_on) as span
    from marked
  )
  select counted.tier_version_id, min(counted.starts_on), max(counted.ends_on)
  from counted
  group by counted.span, counted.tier_version_id
  union all
  select (subscription).tier_version_id, from_day, to_day
  where not exists (select from changes)
  order by 2
$$;

comment on function app_private.tier_days is
  'The versions that hold from a day to before another, each with its first day and the first that is not its own.';
grant execute on function app_private.tier_days to app_engine;
