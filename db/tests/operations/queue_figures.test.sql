-- Test: queue_figures - the queue in numbers, for the worker's metrics. FND-28.
begin;
select plan(7);
delete from graphile_worker._private_jobs;
-- now() stands still in a transaction: what is due this very moment is waiting.
select graphile_worker.add_job('deliver_email', job_key => name, run_at => now() + "in")
from (values
  ('due', interval '-1 minute'), ('due now', '0'), ('later', '1 hour'), ('much later', '1 day'), ('dead', '-1 hour'), ('dead, and later', '2 hours'),
  ('running', '-1 hour'), ('running early', '1 hour'), ('in its last attempt', '-1 hour')) as jobs (name, "in");
update graphile_worker._private_jobs set attempts = max_attempts where key in ('dead', 'dead, and later', 'in its last attempt');
update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker-1'
where key in ('running', 'running early', 'in its last attempt');
delete from app_private.worker_heartbeats;
insert into app_private.worker_heartbeats (worker_id, host, pid, started_at, seen_at)
values ('alive', 'here', 1, clock_timestamp(), clock_timestamp()),
       ('silent', 'here', 2, clock_timestamp() - interval '1 hour', clock_timestamp() - interval '31 seconds');
select tests.clinic('atlas');
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.id('atlas'), 'booking_request.received', 1, 'booking_request', uuidv7(), '{}', now() from generate_series(1, 3);
create temporary table pending as select count(*)::int as deliveries from app_private.event_deliveries where delivered_at is null;
update app_private.event_deliveries set delivered_at = now() where event_id = (select id from app_private.events order by id desc limit 1);
delete from graphile_worker._private_jobs where key like 'notifications:%';

select tests.act_as('the worker');
select results_eq(
  $$select figure, value::int from app_private.queue_figures() where task = 'deliver_email' order by figure$$,
  $$values ('jobs_dead', 2), ('jobs_planned', 2), ('jobs_running', 3), ('jobs_waiting', 2)$$,
  'each job stands in one of four places');
select results_eq(
  $$select value::int from app_private.queue_figures() where figure = 'oldest_waiting_seconds'$$, array[60], 'and the oldest waits a minute');
select results_eq(
  $$select value::int from app_private.queue_figures() where figure = 'workers_alive'$$, array[1],
  'a worker that was silent for more than thirty seconds is not counted');
select tests.act_as('the database');
select cmp_ok((select deliveries from pending), '>=', 3, 'events wait for their consumers');
select is((select value::int from app_private.queue_figures() where figure = 'deliveries_pending'), (select deliveries - 1 from pending),
  'what was delivered is not counted');
delete from graphile_worker._private_jobs where key like 'due%';
select is((select value from app_private.queue_figures() where figure = 'oldest_waiting_seconds'), 0::double precision,
  'where all that is left is planned, nothing waits');
select tests.act_as('a visitor');
select throws_ok('select app_private.queue_figures()', '42501', null, 'nobody else may ask');
select * from finish();
rollback;
