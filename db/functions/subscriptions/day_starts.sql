-- When a civil day begins in a zone: its first instant. Where the clocks go forward at midnight it is what they show next; where they
-- go back to midnight it is the first of the two. One expression, so that PostgreSQL inlines it. BIL-02.

create or replace function app_private.day_starts(day date, timezone text) returns timestamptz
language sql stable
set search_path = ''
return (
  select case when earlier.at at time zone day_starts.timezone >= day_starts.day then least(earlier.at, read.at) else read.at end
  from (select day_starts.day::timestamp at time zone day_starts.timezone) as read (at)
  -- The same midnight by the offset of three hours before.
  cross join lateral (
    select (day_starts.day::timestamp - (
      (read.at - interval '3 hours') at time zone day_starts.timezone - (read.at - interval '3 hours') at time zone 'UTC'))
      at time zone 'UTC'
  ) as earlier (at)
);

comment on function app_private.day_starts is 'The first instant of a day on the clocks of a zone.';
grant execute on function app_private.day_starts to app_engine;
