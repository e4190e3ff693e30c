-- A worker leaves in good order. FND-14.

set role app_engine;
create or replace function app_private.retire_worker(worker_id text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  delete from app_private.worker_heartbeats where worker_heartbeats.worker_id = retire_worker.worker_id
$$;

comment on function app_private.retire_worker is 'Removes the heartbeat of a worker that stopped cleanly.';

grant execute on function app_private.retire_worker to app_worker;
reset role;
