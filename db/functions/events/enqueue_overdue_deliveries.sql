-- Queues again what is pending without a job. FND-14.
-- The queue can lose a wake-up: when a job is taken between the two statements of add_jobs, the new
-- request is dropped while the running job may not see the new event yet. Each beat of a worker looks for such deliveries, so
-- that they are made within a minute.
-- A job that has used up its attempts still exists and is left alone: it waits for a person.

set role app_engine;
create or replace function app_private.enqueue_overdue_deliveries() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (
    select distinct event_deliveries.consumer, event_deliveries.subject_id
    from app_private.event_consumers
    join app_private.event_deliveries on event_deliveries.consumer = event_consumers.name
    join app_private.events on events.id = event_deliveries.event_id
    where event_deliveries.delivered_at is null
      and events.occurred_at < app_hidden.now() - interval '30 seconds'
      and not exists (
        select from graphile_worker._private_jobs as jobs
        where jobs.key = event_deliveries.consumer || ':' || event_deliveries.subject_id)
    limit 1000
  ) as overdue;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.enqueue_overdue_deliveries is
  'Queues a job for deliveries that have been pending for half a minute without one; returns how many.';

grant execute on function app_private.enqueue_overdue_deliveries to app_worker;
reset role;
