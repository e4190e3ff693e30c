-- What is asked for what was used beyond the included. FND-20, BIL-02.

create or replace function app_private.overage(used numeric, included bigint, unit_price numeric) returns bigint
language sql immutable
set search_path = ''
return round(greatest(used - included, 0) * unit_price)::bigint;

comment on function app_private.overage is 'In minor units, rounded once, half away from zero.';
grant execute on function app_private.overage to app_engine;
