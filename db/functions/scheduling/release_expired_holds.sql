-- An expired hold is free to everybody who lists, but still trips the exclusion constraint, because now() cannot stand
-- in its predicate. Whoever finds one in the way releases it. SCH-06.
-- The caller has locked the days of the span. What somebody has locked all the same is being tidied by the worker.

create or replace function app_private.release_expired_holds(specialist_id uuid, span tstzrange) returns int
language plpgsql volatile
set search_path = ''
as $$
begin
  return app_private.let_go(array(
    select tc.id
    from app_private.time_claims as tc
    where tc.specialist_id = release_expired_holds.specialist_id
      and tc.blocked && span
      and tc.released_at is null
      and tc.kind = 'hold'
      and tc.expires_at <= app_hidden.now()
    order by tc.id
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_holds is
  'Releases expired holds of a specialist that are in the way of a span, and says how many.';

grant execute on function app_private.release_expired_holds to app_engine;
