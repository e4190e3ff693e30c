-- Test: enqueue_overdue_deliveries - what is pending without a job is queued again, what has one is not. FND-14.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.remember('lost', uuidv7());
select tests.remember('waiting', uuidv7());
select tests.remember('told', uuidv7());
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.id('atlas'), 'booking_request.received', 1, 'booking_request', tests.id(name), '{}', app_hidden.now()
from (values ('lost'), ('waiting'), ('told')) as e (name);
delete from graphile_worker._private_jobs where key in ('notifications:' || tests.id('lost'), 'notifications:' || tests.id('told'));
update app_private.event_deliveries set delivered_at = now() where subject_id = tests.id('told');

select tests.act_as('the worker');
select is(app_private.enqueue_overdue_deliveries(), 0, 'nothing is overdue at once');
select tests.freeze_time('2027-03-01 08:00:30+02');
select is(app_private.enqueue_overdue_deliveries(), 0, 'nor after half a minute');
select tests.freeze_time('2027-03-01 08:00:30.001+02');
select is(app_private.enqueue_overdue_deliveries(), 1, 'then the lost one is found');
select is(app_private.enqueue_overdue_deliveries(), 0, 'once');

select tests.act_as('the database');
select is(
  (select payload::jsonb from graphile_worker._private_jobs where key = 'notifications:' || tests.id('lost')),
  jsonb_build_object('consumer', 'notifications', 'subjectId', tests.id('lost')), 'its job is back');
select is((select count(*) from graphile_worker._private_jobs where key = 'notifications:' || tests.id('told')), 0::bigint,
  'what was delivered stays quiet');

update graphile_worker._private_jobs set attempts = max_attempts where key = 'notifications:' || tests.id('lost');
select tests.act_as('the worker');
select is(app_private.enqueue_overdue_deliveries(), 0, 'a job that gave up waits for a person and is not started over');
select * from finish();
rollback;
