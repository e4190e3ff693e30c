-- What of a period's quantity falls to the days before a day: rounded from the start of the period, so that the shares of
-- whatever cuts add up to the whole. CAT-06.

create or replace function app_private.accrued(quantity int, anchor_on date, from_month int, to_month int, day date) returns int
language sql immutable
set search_path = ''
begin atomic
  select round(accrued.quantity::numeric * greatest(0, least(period.days, accrued.day - period.first_day)) / period.days)::int
  from (
    select (accrued.anchor_on + make_interval(months => accrued.from_month))::date as first_day,
           (accrued.anchor_on + make_interval(months => accrued.to_month))::date
             - (accrued.anchor_on + make_interval(months => accrued.from_month))::date as days
  ) as period;
end;

comment on function app_private.accrued is
  'The share of a quantity for the days of a period before this day: round(quantity * days passed / days), half away from zero.';
grant execute on function app_private.accrued to app_engine;
