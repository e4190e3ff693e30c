-- Test: deliveries - a consumer gets the oldest pending event of a subject, until it is done with it. FND-14.
begin;
select plan(9);
select tests.clinic('atlas');
select tests.remember('subject', uuidv7());
select tests.remember('other subject', uuidv7());
insert into app_private.events (id, organization_id, name, version, subject_type, subject_id, payload, occurred_at)
select tests.remember(name, uuidv7()), tests.id('atlas'), event_name, 1, 'booking_request', tests.id(subject), '{}', now()
from (values ('first', 'booking_request.received', 'subject'), ('elsewhere', 'booking_request.received', 'other subject'),
  ('second', 'booking_request.rejected', 'subject')) as e (name, event_name, subject);

select tests.act_as('the worker');
select is((select id from app_private.claim_event_delivery('notifications', tests.id('subject'))), tests.id('first'), 'the oldest comes first');
select lives_ok($$select app_private.record_event_failed(tests.id('first'), 'notifications', repeat('x', 600))$$, 'a failure is recorded');
select is((select id from app_private.claim_event_delivery('notifications', tests.id('subject'))), tests.id('first'), 'and the failed one comes again, not the next');
select lives_ok($$select app_private.record_event_delivered(tests.id('first'), 'notifications')$$, 'once it is delivered');
select is((select id from app_private.claim_event_delivery('notifications', tests.id('subject'))), tests.id('second'), 'the next one comes');
select lives_ok($$select app_private.record_event_delivered(tests.id('second'), 'notifications')$$, 'and when that is delivered too');
select is_empty($$select * from app_private.claim_event_delivery('notifications', tests.id('subject'))$$, 'there is none');

select tests.act_as('the database');
select results_eq(
  $$select attempts, last_error from app_private.event_deliveries where event_id = tests.id('first')$$,
  $$values (2, null::text)$$,
  'attempts are counted, and the error is gone with success');
select is((select count(*) from app_private.event_deliveries where subject_id = tests.id('other subject') and delivered_at is null), 1::bigint,
  'other subjects are not touched');
select * from finish();
rollback;
