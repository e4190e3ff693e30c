-- What of an amount falls to the first days of a period. Shares of two days subtract: any cut of a period adds up to the whole. BIL-02.

create or replace function app_private.prorated(amount numeric, period_days int, day int) returns bigint
language sql immutable parallel safe
set search_path = ''
return round(amount * day / period_days)::bigint;

comment on function app_private.prorated is
  'The share of an amount in minor units for so many of the days of a period, rounded half away from zero.';
grant execute on function app_private.prorated to app_engine;
