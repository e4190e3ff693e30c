-- Frees the jobs of workers that died. FND-14.
-- The queue itself would keep them locked for four hours. A worker without a heartbeat row died before
-- its first beat; the time it took its jobs is then its last sign of life.
-- What a dead worker ran counts as a failed attempt, and says so.
-- Every job of ours has a key, and loses it, with all its attempts, to the next job that is queued under it while it runs
-- or is dead. The next one does the same work, and nobody else would ever remove the one without a key.

set role app_engine;
create or replace function app_private.reap_silent_workers(silent_for interval default '30 seconds')
returns text[]
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_dead text[];
begin
  select array_agg(holder.locked_by) into v_dead
  from (
    select jobs.locked_by, max(jobs.locked_at) as locked_at
    from graphile_worker._private_jobs as jobs
    where jobs.locked_by is not null
    group by jobs.locked_by
  ) as holder
  left join app_private.worker_heartbeats on worker_heartbeats.worker_id = holder.locked_by
  where coalesce(worker_heartbeats.seen_at, holder.locked_at) < clock_timestamp() - silent_for;

  if v_dead is not null then
    update graphile_worker._private_jobs as jobs
    set last_error = 'the worker that ran it died'
    where jobs.locked_by = any (v_dead);
    perform graphile_worker.force_unlock_workers(v_dead);
  end if;
  delete from graphile_worker._private_jobs as jobs
  where jobs.key is null
    and jobs.locked_at is null
    and jobs.attempts >= jobs.max_attempts;
  delete from app_private.worker_heartbeats where seen_at < clock_timestamp() - interval '1 day';
  return coalesce(v_dead, '{}');
end;
$$;

comment on function app_private.reap_silent_workers is
  'Unlocks the jobs of workers that gave no sign of life for the interval, and removes what was queued again; '
  'returns the ids of those workers.';

grant execute on function app_private.reap_silent_workers to app_worker;
reset role;
