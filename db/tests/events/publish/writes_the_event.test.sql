-- Test: publish - the event says what happened, to what, by whom and in which request. FND-14.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.person('ana');

select tests.act_as('the engine');
select set_config('app.principal_id', tests.id('ana')::text, true);
select set_config('app.request_id', 'request-1', true);
select tests.remember('created', app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "atlas"}'));
select tests.remember('activated', app_private.publish(
  'organization.activated', tests.id('atlas'), tests.id('atlas'), '{"slug": "atlas"}', cause_id => tests.id('created')));

select tests.act_as('the database');
select is((select version from app_private.events where id = tests.id('created')), 1, 'the version of the catalog is taken');
select is((select subject_type from app_private.events where id = tests.id('created')), 'organization', 'the catalog says of what kind the subject is');
select is((select subject_id from app_private.events where id = tests.id('created')), tests.id('atlas'), 'the subject stands in it');
select is((select actor_id from app_private.events where id = tests.id('created')), tests.id('ana'), 'who acted stands in it');
select is((select request_id from app_private.events where id = tests.id('created')), 'request-1', 'so does the request');
select is((select occurred_at from app_private.events where id = tests.id('created')), '2027-03-01 08:00+02'::timestamptz, 'and the time');
select is((select cause_id from app_private.events where id = tests.id('activated')), tests.id('created'), 'a later event names its cause');
select ok(
  (select position from app_private.events where id = tests.id('created'))
  < (select position from app_private.events where id = tests.id('activated')),
  'positions are in the order of publishing');
select * from finish();
rollback;
