-- An instant as proofs write it: in UTC, to the microsecond, whatever the session shows. CNS-07.

create or replace function app_private.instant_text(instant timestamptz) returns text
language sql stable strict parallel safe
set search_path = ''
return to_char(instant_text.instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

comment on function app_private.instant_text is 'An instant in UTC, as in 2027-03-08T07:00:00.000000Z.';
grant execute on function app_private.instant_text to app_engine;
