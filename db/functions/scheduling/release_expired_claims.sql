-- Holds nobody came back for: the worker tidies them, so that watchers learn of it and the constraint stays small.
-- Correctness does not wait for it: an expired hold is already free. SCH-06.

set role app_engine;

create or replace function app_private.release_expired_claims() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_due uuid[] := array(
    select tc.id
    from app_private.time_claims as tc
    where tc.kind = 'hold' and tc.released_at is null and tc.expires_at <= app_hidden.now()
    order by tc.expires_at
    limit 1000);
begin
  -- Read again once their days are locked: some were booked within the grace, or released by who came after.
  perform app_private.lock_claims(v_due);
  return app_private.let_go(array(
    select tc.id
    from app_private.time_claims as tc
    where tc.id = any (v_due)
      and tc.expires_at <= app_hidden.now()
    order by tc.id
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_claims is
  'Releases holds that have expired, up to 1000 at a time, and says how many.';

grant execute on function app_private.release_expired_claims to app_worker;

reset role;
