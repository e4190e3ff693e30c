-- Test: deliveries - a consumer gets the oldest pending event of a subject, until it is done with it. FND-14.
begin;
select plan(14);
select tests.clinic('atlas');
select tests.remember('subject', uuidv7());
select tests.remember('other subject', uuidv7());
insert into app_private.event_consumers (name, description) values ('ledger', 'A second consumer.');
insert into app_private.event_subscriptions (consumer, event_name) values ('ledger', 'booking_request.received');
insert into app_private.events (id, organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.remember(name, uuidv7()), tests.id('atlas'), event_name, 1, 'booking_request', tests.id(subject), '{}', now()
from (values ('first', 'booking_request.received', 'subject'), ('elsewhere', 'booking_request.received', 'other subject'),
  ('second', 'booking_request.rejected', 'subject')) as e (name, event_name, subject);

-- The ledger is told of the first alone; the second was never for it.
select tests.act_as('the worker');
select is((select id from app_private.claim_event_delivery('notifications', tests.id('subject'))), tests.id('first'), 'the oldest comes first');
select lives_ok($$select app_private.record_event_failed(tests.id('first'), 'notifications', repeat('x', 600))$$, 'a failure is recorded');
select tests.act_as('the database');
select results_eq($$select event_id, consumer from app_private.event_deliveries where attempts > 0$$,
  $$values (tests.id('first'), 'notifications')$$, 'of this event and this consumer alone');
select tests.act_as('the worker');
select is((select id from app_private.claim_event_delivery('notifications', tests.id('subject'))), tests.id('first'), 'and the failed one comes again, not the next');
select lives_ok($$select app_private.record_event_delivered(tests.id('first'), 'notifications')$$, 'once it is delivered');
select is((select id from app_private.claim_event_delivery('ledger', tests.id('subject'))), tests.id('first'), 'the other consumer is still to be told');
select is((select id from app_private.claim_event_delivery('notifications', tests.id('subject'))), tests.id('second'), 'the next one comes');
select lives_ok($$select app_private.record_event_delivered(tests.id('second'), 'notifications')$$, 'and when that is delivered too');
select is_empty($$select * from app_private.claim_event_delivery('notifications', tests.id('subject'))$$, 'there is none');
select lives_ok($$select app_private.record_event_failed(tests.id('first'), 'notifications', 'too late')$$, 'a failure that comes late');
select lives_ok($$select app_private.record_event_delivered(tests.id('first'), 'notifications')$$, 'or the same delivery again');

select tests.act_as('the database');
select results_eq(
  $$select attempts, last_error from app_private.event_deliveries where event_id = tests.id('first') and consumer = 'notifications'$$,
  $$values (2, null::text)$$,
  'attempts are counted, and the error is gone with success, and nothing that comes afterwards is counted');
select is((select count(*) from app_private.event_deliveries where consumer = 'ledger' and delivered_at is null), 2::bigint,
  'the other consumer was told nothing');
select is((select count(*) from app_private.event_deliveries where subject_id = tests.id('other subject') and delivered_at is null), 2::bigint,
  'other subjects are not touched');
select * from finish();
rollback;
