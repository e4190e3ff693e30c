-- Instants of the years 294276 and -4713 are real to PostgreSQL until something is added to them: then it raises its own
-- error. Whoever takes an instant, or a date, asks here first. SCH-05.

create or replace function app_private.is_thinkable(at timestamptz) returns boolean
language sql immutable
return is_thinkable.at between timestamptz '2000-01-01 00:00+00' and timestamptz '2200-01-01 00:00+00';

comment on function app_private.is_thinkable is
  'Whether an instant is in a year for which anybody plans appointments: 2000 to 2200. Infinity is not.';

grant execute on function app_private.is_thinkable to app_engine;
