-- Whoever is about to take or free time of a specialist first locks the days it touches: always all at once and in
-- the same order, so that nobody waits in a circle. Days are UTC dates; two spans that overlap share one. SCH-06.

create or replace function app_private.lock_specialist_days(specialist_ids uuid[], span tstzrange) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(day.key)
  from (
    select distinct hashtextextended('specialist_day:' || specialist_id || ':' || first + n, 0) as key
    from unnest(specialist_ids) as specialist_id
    cross join (select (lower(span) at time zone 'UTC')::date as first,
                       (upper(span) at time zone 'UTC')::date as last) as days
    cross join lateral generate_series(0, last - first) as n
    order by key
    offset 0
  ) as day;
end;
$$;

comment on function app_private.lock_specialist_days(uuid[], tstzrange) is
  'Locks the days of the specialists that a span touches, until the transaction ends.';

grant execute on function app_private.lock_specialist_days(uuid[], tstzrange) to app_engine;
