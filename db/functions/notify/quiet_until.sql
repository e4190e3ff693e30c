-- When it is quiet for a person, on the clock of their zone. FND-15.
-- The clock is the wall's: a night with a change of the hour ends when the wall shows the end.

create or replace function app_private.quiet_until(
  at timestamptz,
  quiet_from time,
  quiet_until time,
  timezone text
) returns timestamptz
language sql stable strict parallel safe
set search_path = ''
return (
  with local (date, time) as (
    select (quiet_until.at at time zone quiet_until.timezone)::date, (quiet_until.at at time zone quiet_until.timezone)::time
  )
  select case
    when quiet_until.quiet_from <= quiet_until.quiet_until then
      case when local.time >= quiet_until.quiet_from and local.time < quiet_until.quiet_until
        then (local.date + quiet_until.quiet_until) at time zone quiet_until.timezone end
    when local.time >= quiet_until.quiet_from
      then (local.date + 1 + quiet_until.quiet_until) at time zone quiet_until.timezone
    when local.time < quiet_until.quiet_until
      then (local.date + quiet_until.quiet_until) at time zone quiet_until.timezone
  end
  from local
);

comment on function app_private.quiet_until is
  'The end of the quiet hours that this instant lies in; null when it lies in none. From = until: there are none.';
grant execute on function app_private.quiet_until to app_engine;
