-- Test: claim_message - what was sent or may not be sent does not leave. FND-15.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
update app_public.organizations set street = 'Strada Lungă 1', city = 'Cluj-Napoca' where id = tests.id('atlas');
select tests.remember(name, (app_private.notify(tests.id('atlas'), 'appointment_booked',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
    "timezone": "Europe/Bucharest", "modality": "video"}', name => initcap(name), email => name || '@people.test', locale => 'ro', calendar_uid => uuidv7()))[1])
from (values ('ana'), ('Mihai'), ('dan')) as m (name);
insert into app_private.suppressed_addresses (channel, address, reason) values ('email', 'mihai@people.test', 'complaint');

select tests.act_as('the worker');
select results_eq(
  $$select address, recipient_name, calendar_status, clinic_name, clinic_address from app_private.claim_message(tests.id('ana'))$$,
  $$values ('ana@people.test', 'Ana', 'CONFIRMED', 'Atlas', 'Strada Lungă 1, Cluj-Napoca')$$,
  'a queued message comes with all it needs');
select is((select count(*) from app_private.claim_message(tests.id('ana'))), 1::bigint, 'a retry gets it again');
select lives_ok($$select app_private.record_message_accepted(tests.id('ana'), null, 'smtp', 'vendor-1')$$, 'once the vendor took it');
select is_empty($$select * from app_private.claim_message(tests.id('ana'))$$, 'it does not leave again');
select is_empty($$select * from app_private.claim_message(tests.id('Mihai'))$$, 'a suppressed address is not written to, however it is spelt');
select is_empty($$select * from app_private.claim_message(uuidv7())$$, 'what does not exist does not leave');
select lives_ok($$select app_private.record_message_refused(tests.id('dan'), null, 'smtp 550 5.1.1', true)$$, 'the vendor refuses one for good');
select is_empty($$select * from app_private.claim_message(tests.id('dan'))$$, 'it is not tried again');
select lives_ok($$select app_private.record_message_refused(tests.id('ana'), null, 'late', true)$$, 'a refusal after success');

select tests.act_as('the database');
select results_eq(
  $$select recipient_email, status, attempts, vendor_id, sent_at, reason from app_public.messages
    where organization_id = tests.id('atlas') order by recipient_email$$,
  $$values ('Mihai@people.test', 'suppressed', 0, null, null::timestamptz, 'complaint'),
           ('ana@people.test', 'sent', 2, 'vendor-1', '2027-03-01 08:00+02', null),
           ('dan@people.test', 'failed', 0, null, null, 'smtp 550 5.1.1')$$,
  'the ledger says what became of each');
select set_eq($$select address from app_private.suppressed_addresses$$, array['mihai@people.test', 'dan@people.test'], 'a dead address is remembered, a good one is not');

select tests.act_as('a visitor');
select throws_ok($$select * from app_private.claim_message(tests.id('ana'))$$, '42501', null, 'nobody but the worker reads a message');
select * from finish();
rollback;
