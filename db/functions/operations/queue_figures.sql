-- How the queue and the outbox stand, for metrics and for the doctor: counts and ages, nothing about anybody. FND-28.

set role app_engine;

create or replace function app_private.queue_figures()
returns table (
  figure text,
  task text,
  value double precision
)
language sql stable security definer
set search_path = ''
as $$
  with jobs as (
    select tasks.identifier as task, jobs.run_at, jobs.locked_at, jobs.attempts >= jobs.max_attempts as is_dead
    from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  )
  select 'jobs_waiting', jobs.task, count(*) filter (where not jobs.is_dead and jobs.locked_at is null and jobs.run_at <= now())
  from jobs group by jobs.task
  union all
  select 'jobs_planned', jobs.task, count(*) filter (where not jobs.is_dead and jobs.locked_at is null and jobs.run_at > now())
  from jobs group by jobs.task
  union all
  select 'jobs_running', jobs.task, count(*) filter (where jobs.locked_at is not null) from jobs group by jobs.task
  union all
  select 'jobs_dead', jobs.task, count(*) filter (where jobs.is_dead and jobs.locked_at is null) from jobs group by jobs.task
  union all
  select 'oldest_waiting_seconds', null,
         coalesce(extract(epoch from now() - min(jobs.run_at)), 0)
  from jobs where not jobs.is_dead and jobs.locked_at is null and jobs.run_at <= now()
  union all
  select 'deliveries_pending', null, count(*)
  from app_private.event_consumers
  join app_private.event_deliveries on event_deliveries.consumer = event_consumers.name
  where event_deliveries.delivered_at is null
  union all
  select 'workers_alive', null, count(*)
  from app_private.worker_heartbeats where worker_heartbeats.seen_at > clock_timestamp() - interval '30 seconds'
$$;

comment on function app_private.queue_figures is
  'jobs_waiting, jobs_planned, jobs_running, jobs_dead by task; oldest_waiting_seconds, deliveries_pending, workers_alive.';
grant execute on function app_private.queue_figures to app_worker;

reset role;
