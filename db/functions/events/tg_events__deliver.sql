-- Queues what was published for those who want to know. FND-14.
-- Once per statement, whatever its size: one insert, one add_jobs call. A job per consumer and subject
-- drains all that is pending, so a job_key keeps one of them; sorted, so that two statements lock in one order. A consumer
-- whom clinics ask for is told where this one did.

set role app_engine;
create or replace function app_private.tg_events__deliver() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  with queued as (
    insert into app_private.event_deliveries (event_id, scope_id, consumer, subject_id, position)
    select published.id, published.scope_id, event_subscriptions.consumer, published.subject_id, published.position
    from published
    join app_private.event_subscriptions on event_subscriptions.event_name = published.name
    join app_private.event_consumers on event_consumers.name = event_subscriptions.consumer
    where not event_consumers.on_demand
      or exists (
        select from app_private.event_interests as interests
        where interests.organization_id = published.organization_id
          and interests.event_name = published.name
          and interests.consumer = event_subscriptions.consumer)
    returning consumer, subject_id
  )
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (select distinct queued.consumer, queued.subject_id from queued) as drain;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__deliver is 'Queues the deliveries of the events a statement published.';
reset role;

create or replace trigger _900_deliver
  after insert on app_private.events
  referencing new table as published
  for each statement execute function app_private.tg_events__deliver();
