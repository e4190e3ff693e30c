-- Jobs that a worker holds without knowing are free again: the connection was lost before it was told which. FND-14.
-- They were never run, so the attempt is given back. One that was queued again meanwhile has lost its key to the new job
-- and goes, as in reap_silent_workers.

create or replace function app_private.give_back_jobs(worker_id text, job_ids bigint[]) returns void
language sql volatile strict
set search_path = ''
as $$
  with replaced as (
    delete from graphile_worker._private_jobs as jobs
    where jobs.id = any (give_back_jobs.job_ids) and jobs.locked_by = give_back_jobs.worker_id and jobs.key is null
    returning jobs.job_queue_id
  ), freed as (
    update graphile_worker._private_jobs as jobs
    set attempts = greatest(0, jobs.attempts - 1), locked_by = null, locked_at = null
    where jobs.id = any (give_back_jobs.job_ids) and jobs.locked_by = give_back_jobs.worker_id and jobs.key is not null
    returning jobs.job_queue_id
  )
  update graphile_worker._private_job_queues as job_queues
  set locked_by = null, locked_at = null
  where job_queues.locked_by = give_back_jobs.worker_id
    and job_queues.id in (select job_queue_id from replaced union all select job_queue_id from freed)
$$;

comment on function app_private.give_back_jobs is
  'Frees jobs that the worker took without learning of it, with the attempt that they did not have.';

grant execute on function app_private.give_back_jobs to app_worker;
