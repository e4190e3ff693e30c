-- What is used beyond the allowance costs. BIL-02.

create or replace function app_private.overage(used numeric, included numeric, unit_price numeric) returns bigint
language sql immutable parallel safe
set search_path = ''
return coalesce(round(greatest(used - included, 0) * unit_price), 0)::bigint;

comment on function app_private.overage is
  'What usage beyond the included costs, in minor units, rounded half away from zero; nothing without a limit or a price.';
grant execute on function app_private.overage to app_engine;
