-- Test: publish - an unknown name or a payload off its schema is refused and leaves nothing. FND-14.
begin;
select plan(9);
select tests.clinic('atlas');
create temporary table before as
  select (select count(*) from app_private.events) as events,
         (select count(*) from app_private.event_deliveries) as deliveries,
         (select count(*) from graphile_worker._private_jobs) as jobs;

select tests.act_as('the engine');
select throws_ok(
  $$select app_private.publish('organization.vanished', tests.id('atlas'), tests.id('atlas'))$$,
  'RX400', 'event_name_unknown', 'a name that is not in the catalog');
select throws_ok(
  $$select app_private.publish(null, tests.id('atlas'), tests.id('atlas'))$$,
  'RX400', 'event_name_unknown', 'no name');
select throws_ok(
  $$select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'))$$,
  'RX400', 'event_payload_off_schema', 'a payload that lacks a field');
select throws_ok(
  $$select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "a", "email": "a@b.test"}')$$,
  'RX400', 'event_payload_off_schema', 'a payload with a field that is not in the schema');
select throws_ok(
  $$select app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), null)$$,
  'RX400', 'event_payload_off_schema', 'no payload');
select throws_ok(
  $$select app_private.publish('organization.created', tests.id('atlas'), null, '{"slug": "a"}')$$,
  '23502', null, 'no subject');

select tests.act_as('the database');
select is((select count(*) from app_private.events), (select events from before), 'no event is left');
select is((select count(*) from app_private.event_deliveries), (select deliveries from before), 'no delivery is left');
select is((select count(*) from graphile_worker._private_jobs), (select jobs from before), 'no job is left');
select * from finish();
rollback;
