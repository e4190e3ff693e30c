-- The instant at which clocks of a zone show a local time. Clocks that are put forward skip some: those are the instant
-- of the change, so that a window in the gap is empty and one that reaches into it is cut there. Of a time that comes
-- twice it is the second. SCH-05.
-- `at time zone` alone reads a skipped time an hour later, and would open 03:15 at 04:15.
-- Looked for minute by minute: the gap's start is not known, and a gap is met twice a year.

create or replace function app_private.on_clocks(local timestamp, timezone text) returns timestamptz
language sql immutable
return case
  when (on_clocks.local at time zone on_clocks.timezone) at time zone on_clocks.timezone = on_clocks.local
    then on_clocks.local at time zone on_clocks.timezone
  else (
    select min(minute)
    from generate_series(
      date_trunc('minute', on_clocks.local at time zone on_clocks.timezone, 'UTC')
        - ((on_clocks.local at time zone on_clocks.timezone) at time zone on_clocks.timezone - on_clocks.local),
      date_trunc('minute', on_clocks.local at time zone on_clocks.timezone, 'UTC'),
      interval '1 minute') as minute
    where minute at time zone on_clocks.timezone > on_clocks.local)
end;

comment on function app_private.on_clocks is
  'A local time as an instant; a time that the clocks skip is the instant of the change.';

grant execute on function app_private.on_clocks to app_engine;
