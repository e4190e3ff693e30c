-- Whoever is about to take or free time of specialists first locks the days it touches: always all at once and in
-- the same order, so that nobody waits in a circle. Days are UTC dates; two spans that overlap share one. SCH-06.

create or replace function app_private.lock_specialist_days(spans app_private.free_start[]) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(day.key)
  from (
    select distinct hashtextextended(
      span.specialist_id || ' ' || (lower(span.blocked) at time zone 'UTC')::date + n, 0) as key
    from unnest(lock_specialist_days.spans) as span
    cross join lateral generate_series(
      0, (upper(span.blocked) at time zone 'UTC')::date - (lower(span.blocked) at time zone 'UTC')::date) as n
    order by key
  ) as day;
end;

comment on function app_private.lock_specialist_days is
  'Locks the days that these spans block for their specialists, until the transaction ends.';

grant execute on function app_private.lock_specialist_days to app_engine;
