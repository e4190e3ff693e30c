-- Test: deliveries - one statement queues one job per consumer and subject, with ids only. FND-14.
begin;
select plan(7);
select tests.clinic('atlas');
create temporary table jobs_before as select id from graphile_worker._private_jobs;
create temporary table subjects as select n, uuidv7() as id from generate_series(1, 100) as n;

-- What publish() does a hundred times, in one statement.
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.id('atlas'), name.name, 1, 'booking_request', subjects.id, '{}', now()
from subjects cross join (values ('booking_request.received'), ('booking_request.expired')) as name (name);

select is((select count(*) from app_private.event_deliveries join subjects on subjects.id = subject_id), 200::bigint,
  'every event is to be delivered');
select is((select count(*) from graphile_worker._private_jobs where id not in (select id from jobs_before)), 100::bigint,
  'one job for each subject');
select set_eq(
  $$select payload::jsonb from graphile_worker._private_jobs where id not in (select id from jobs_before)$$,
  $$select jsonb_build_object('consumer', 'notifications', 'subjectId', id) from subjects$$,
  'with the consumer and the subject in it, and nothing else');
select is(
  (select count(distinct xmin::text) from graphile_worker._private_jobs where id not in (select id from jobs_before)), 1::bigint,
  'in the same transaction');

set local session_replication_role = replica;
delete from app_private.event_subscriptions where event_name = 'organization.created';
set local session_replication_role = origin;
select tests.act_as('the engine');
select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "atlas"}');
select tests.act_as('the database');
select is((select count(*) from app_private.event_deliveries where subject_id = tests.id('atlas')), 0::bigint,
  'an event that nobody subscribed to is delivered to nobody');
select is((select count(*) from graphile_worker._private_jobs where id not in (select id from jobs_before)), 100::bigint,
  'and queues nothing');

insert into app_private.event_consumers (name, description) values ('ledger', 'A second consumer.');
insert into app_private.event_subscriptions (consumer, event_name) values ('ledger', 'booking_request.expired');
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.id('atlas'), 'booking_request.expired', 1, 'booking_request', id, '{}', now() from subjects where n = 1;
select set_eq(
  $$select key from graphile_worker._private_jobs where key like '%' || (select id from subjects where n = 1)$$,
  $$select consumer || ':' || id from subjects, (values ('notifications'), ('ledger')) as c (consumer) where n = 1$$,
  'each consumer has a job of its own');
select * from finish();
rollback;
