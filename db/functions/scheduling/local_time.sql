-- An instant as the clocks of a zone show it, offset included: what a person reads, and what no client can get
-- wrong on the night the clocks change. SCH-05.
-- One expression, so that PostgreSQL inlines it.

create or replace function app_private.local_time(at timestamptz, timezone text) returns text
language sql stable
return to_char(local_time.at at time zone local_time.timezone, 'YYYY-MM-DD"T"HH24:MI:SS')
  || case when local_time.at at time zone local_time.timezone < local_time.at at time zone 'UTC' then '-' else '+' end
  || to_char(
       greatest((local_time.at at time zone local_time.timezone) - (local_time.at at time zone 'UTC'),
                (local_time.at at time zone 'UTC') - (local_time.at at time zone local_time.timezone)),
       'HH24:MI');

comment on function app_private.local_time is
  'ISO 8601 with the offset of the zone at that instant: 2027-03-29T09:00:00+03:00.';

grant execute on function app_private.local_time to app_engine;
