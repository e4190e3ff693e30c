-- A worker says that it lives. FND-14.

set role app_engine;
create or replace function app_private.beat(worker_id text, host text, pid int) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  insert into app_private.worker_heartbeats (worker_id, host, pid, started_at, seen_at)
  values (beat.worker_id, beat.host, beat.pid, clock_timestamp(), clock_timestamp())
  on conflict (worker_id) do update set seen_at = excluded.seen_at
$$;

comment on function app_private.beat is 'Sign of life of a worker, every few seconds.';

grant execute on function app_private.beat to app_worker;
reset role;
