-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/events/keep_interests.sql
-- What a clinic wants a consumer to hear, said anew whenever its rules or subscriptions change. FND-14.
-- Whoever changes them locks them first, so that of two at once the later says what both leave.

create or replace function app_private.keep_interests(organization_id uuid, consumer text, event_names text[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_private.event_interests as interests
  where interests.organization_id = keep_interests.organization_id
    and interests.consumer = keep_interests.consumer
    and interests.event_name <> all (event_names);
  insert into app_private.event_interests (organization_id, consumer, event_name)
  select distinct keep_interests.organization_id, keep_interests.consumer, wanted
  from unnest(event_names) as wanted
  order by wanted
  on conflict do nothing;
end;
$$;

comment on function app_private.keep_interests is
  'From now on the consumer is told of these events of the clinic, and of no others. The caller has locked what they follow from.';
grant execute on function app_private.keep_interests to app_engine;
-- end of source: functions/events/keep_interests.sql

-- source: functions/events/tg_events__deliver.sql
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
-- end of source: functions/events/tg_events__deliver.sql

-- source: policies/events/event_consumers.sql
-- Read by the engine; changed by migrations only. FND-14.

select app_private.classify('app_private.event_consumers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "on_demand"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_consumers', engine => 'select');
-- end of source: policies/events/event_consumers.sql

-- source: policies/events/event_interests.sql
-- Kept by keep_interests(), from the clinic's own rules and subscriptions; read when an event is published. FND-14.

select app_private.classify('app_private.event_interests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "consumer", "event_name"]}',
  unaudited => 'Follows from rows that are audited: automations, and subscriptions of webhooks.');
select app_private.protect('app_private.event_interests', engine => 'select, insert, delete');
-- end of source: policies/events/event_interests.sql
