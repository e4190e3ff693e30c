-- On which day a month of a subscription begins: on the day it is anchored to, or the last of a month that is too short for it: 31 January,
-- 28 February, 31 March. Counted from the anchor each time, so nothing creeps. BIL-02.

create or replace function app_private.month_day(anchor_on date, month int) returns date
language sql immutable
set search_path = ''
return (month_day.anchor_on + make_interval(months => month_day.month))::date;

comment on function app_private.month_day is 'The first day of the month of this number, counted from 0 at the anchor.';
grant execute on function app_private.month_day to app_engine;

create or replace function app_private.month_number(anchor_on date, starts_on date) returns int
language sql immutable
set search_path = ''
return (extract(year from month_number.starts_on)::int - extract(year from month_number.anchor_on)::int) * 12
  + extract(month from month_number.starts_on)::int - extract(month from month_number.anchor_on)::int;

comment on function app_private.month_number is
  'Which month begins on this day, counted from 0 at the anchor. Of an annual subscription, those that 12 divides begin a year.';
grant execute on function app_private.month_number to app_engine;
