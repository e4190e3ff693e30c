-- The days of a period by version of the tier, each with the time whose usage counts: none after the subscription ended. BIL-02.

create or replace function app_private.usage_spans(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns table (tier_version_id uuid, starts_on date, ends_on date, is_last boolean, during tstzrange)
language sql stable
set search_path = ''
as $$
  select days.tier_version_id, days.starts_on, days.ends_on, days.ends_on = (period).ends_on,
    case when times.starts_at < times.ends_at then tstzrange(times.starts_at, times.ends_at) end
  from app_private.tier_days(subscription, (period).starts_on, (period).ends_on) as days
  cross join (select (period).during) as whole
  cross join lateral (
    select
      case when days.starts_on = (period).starts_on then lower(whole.during)
        else days.starts_on::timestamp at time zone (subscription).timezone end as starts_at,
      least(
        case when days.ends_on = (period).ends_on then upper(whole.during)
          else days.ends_on::timestamp at time zone (subscription).timezone end,
        (subscription).ended_at) as ends_at
  ) as times
  order by days.starts_on
$$;

comment on function app_private.usage_spans is 'The spans of a period; during is null where the subscription had ended.';
grant execute on function app_private.usage_spans to app_engine;
