-- Test: reap_silent_workers - the jobs of workers that gave no sign of life are free. FND-14.
begin;
select plan(9);
select graphile_worker.add_job('deliver_email', job_key => name) from (values ('of the living'), ('of the silent'), ('of the unknown'), ('of the new')) as j (name);
update graphile_worker._private_jobs set locked_by = 'worker-' || split_part(key, ' ', 3), locked_at = clock_timestamp()
where key in ('of the living', 'of the silent', 'of the unknown', 'of the new');
update graphile_worker._private_jobs set locked_at = clock_timestamp() - interval '1 hour' where key in ('of the unknown', 'of the living');

-- Queued again while the silent one ran it: the new job has the key now.
select graphile_worker.add_job('deliver_email', '{"messageId": "replaced"}', job_key => 'of the replaced');
update graphile_worker._private_jobs set locked_by = 'worker-silent', locked_at = clock_timestamp() where key = 'of the replaced';
select graphile_worker.add_job('deliver_email', '{"messageId": "replacing"}', job_key => 'of the replaced');

-- Without a key, as what was queued again while it ran or after it died; and what a person has to decide about.
select graphile_worker.add_job(task, json_build_object('messageId', name), max_attempts => most)
from (values
  ('deliver_events', 'again, running', 5), ('deliver_email', 'again, silent', 5), ('expire_booking_requests', 'again, tried once', 1),
  ('deliver_email', 'again, failed', 5), ('deliver_email', 'attempts left', 5)) as j (task, name, most);
select graphile_worker.add_job('deliver_events', '{"messageId": "dead"}', job_key => 'of the dead');
update graphile_worker._private_jobs
set attempts = max_attempts,
    last_error = case when payload ->> 'messageId' = 'again, failed' then 'Error: the vendor is away' end,
    locked_by = case when payload ->> 'messageId' = 'again, running' then 'worker-living' end,
    locked_at = case when payload ->> 'messageId' = 'again, running' then clock_timestamp() end
where payload ->> 'messageId' like any ('{"again,%",dead}');

select tests.act_as('the worker');
select app_private.beat('worker-living', 'host', 1);
select app_private.beat('worker-silent', 'host', 2);
select tests.act_as('the database');
update app_private.worker_heartbeats set seen_at = clock_timestamp() - interval '31 seconds' where worker_id = 'worker-silent';

select tests.act_as('the worker');
select is(
  (select array_agg(id order by id) from unnest(app_private.reap_silent_workers()) as id), '{worker-silent,worker-unknown}',
  'the silent one, and one that died before its first beat');

select tests.act_as('the database');
select set_eq(
  $$select key from graphile_worker._private_jobs where key like 'of the %' and locked_by is null$$,
  array['of the silent', 'of the unknown', 'of the replaced', 'of the dead'], 'their jobs are free');
select results_eq(
  $$select payload ->> 'messageId' from graphile_worker._private_jobs where payload ->> 'messageId' in ('replaced', 'replacing')$$,
  array['replacing'], 'one that was queued anew meanwhile is not left behind without attempts');
select set_eq(
  $$select payload ->> 'messageId' from graphile_worker._private_jobs where key is null or key = 'of the dead'$$,
  array['again, running', 'attempts left', 'dead'],
  'what somebody runs, will run, or has to decide about is left alone; what was queued again goes, however it ended');
select set_eq(
  $$select key from graphile_worker._private_jobs where last_error = 'the worker that ran it died'$$,
  array['of the silent', 'of the unknown'], 'what the dead ones ran says why it is tried again');
select set_eq(
  $$select key from graphile_worker._private_jobs where key like 'of the %' and locked_by is not null$$,
  array['of the living', 'of the new'], 'a long job of a living worker and a fresh one stay with them');

select tests.act_as('the worker');
select is(app_private.reap_silent_workers(), '{}', 'there is nobody else');
select lives_ok($$select app_private.retire_worker('worker-living')$$, 'a worker that leaves in good order');
select tests.act_as('the database');
select results_eq('select worker_id from app_private.worker_heartbeats', array['worker-silent'], 'takes its heartbeat along, and no other');
select * from finish();
rollback;
