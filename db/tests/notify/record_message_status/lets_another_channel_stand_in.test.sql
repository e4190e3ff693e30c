-- Test: record_message_status - a WhatsApp message that fails later is told by SMS; both parents failing tell it once. FND-15.
begin;
select plan(6);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.patient('carmen', account => false, birth_date => '2018-05-17', email => 'corina.pop@people.test');
select tests.caregiver('corina', 'carmen');
select tests.caregiver('cezar', 'carmen');
insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth) values
  (tests.id('corina'), 'https://push.example.org/1', repeat('B', 87), repeat('A', 22)),
  (tests.id('cezar'), 'https://push.example.org/2', repeat('B', 87), repeat('A', 22));
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
values (tests.id('atlas'), 'appointment.cancelled', 1, 'appointment', uuidv7(), '{}', app_hidden.now());
select app_private.notify(tests.id('atlas'), 'appointment_cancelled',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
    "timezone": "Europe/Bucharest", "modality": "video", "reason": null}',
  patient_profile_id => tests.id('carmen'), event_id => (select id from app_private.events where name = 'appointment.cancelled'), calendar_uid => uuidv7());
select tests.remember(case account_id when tests.id('corina') then 'her push' else 'his push' end, id) from app_public.messages where channel = 'push';

select is((select count(*) from app_public.messages where route = 'alert'), 2::bigint, 'both parents are alerted, and nobody pays for an SMS');
select app_private.record_message_refused(tests.id('her push'), null, 'no browser took it', false);
select is((select count(*) from app_public.messages where channel = 'sms'), 0::bigint, 'one that fails is not the family''s loss');
select app_private.record_message_refused(tests.id('his push'), null, 'no browser took it', false);
select results_eq($$select channel, address, status from app_public.messages where route = 'alert' and channel <> 'push'$$,
  $$values ('sms', '+40722000111', 'queued')$$, 'when both failed, one SMS tells it');

select app_private.claim_message(id), app_private.record_message_accepted(id, null, 'twilio', 'SM1') from app_public.messages where channel = 'sms';
select lives_ok($$select app_private.record_message_status(null, 'twilio', 'SM1', 'failed', now(), 'twilio 30003')$$, 'that fails after all');
select is((select count(*) from app_public.messages where route = 'alert'), 3::bigint, 'and nothing comes after it');
select is((select count(*) from app_public.messages where channel = 'email' and status = 'queued'), 1::bigint, 'the letter is another matter');
select * from finish();
rollback;
