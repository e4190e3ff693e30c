-- Test: messages - the clinic's log for who may see it, the patient's own, and never what was said or how it was carried. FND-15.
begin;
select plan(21);
select tests.clinic('boreal');
select tests.staff('beata', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.staff('bruno', 'billing');
select tests.specialist('stefan', account => true);
select tests.patient('ana');
select tests.patient('bogdan');
select tests.patient('carmen', account => false, birth_date => '2018-05-17', email => 'corina.pop@people.test');
select tests.caregiver('corina', 'carmen');
select tests.patient('ana', 'boreal');
create function pg_temp.tell(patient text, clinic text) returns uuid[] language sql as $$
  select app_private.notify(tests.id(clinic), 'appointment_booked',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2050-03-08T07:00:00Z", "endsAt": "2050-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video"}',
    patient_profile_id => tests.id(patient), calendar_uid => uuidv7())
$$;
select pg_temp.tell('ana', 'atlas'), pg_temp.tell('bogdan', 'atlas'), pg_temp.tell('carmen', 'atlas'), pg_temp.tell('ana', 'boreal');
create function pg_temp.seen() returns text language sql as $$
  select coalesce(string_agg(distinct split_part(recipient_name, ' ', 1), ', '), 'nobody') from app_public.messages
$$;

select tests.act_as('olga');
select is(pg_temp.seen(), 'Ana, Bogdan, Carmen', 'the owner sees what patients were sent');
select is((select count(distinct organization_id) from app_public.messages), 1::bigint, 'by this clinic');
select tests.act_as('adrian');
select is(pg_temp.seen(), 'Ana, Bogdan, Carmen', 'so does an admin');
select tests.act_as('flavia');
select is(pg_temp.seen(), 'Ana, Bogdan, Carmen', 'and front desk, who is asked about it');
select results_eq(
  $$select channel, status, address from app_public.messages where patient_profile_id = tests.id('ana') order by channel$$,
  $$values ('email', 'queued', 'ana@people.test'), ('in_app', 'queued', null), ('sms', 'queued', '+40722000111')$$,
  'over which channel, to which address, and what became of it');
select throws_ok($$select data from app_public.messages$$, '42501', null, 'not what it says');
select throws_ok($$select vendor_id from app_public.messages$$, '42501', null, 'nor how it was carried');
select throws_ok($$update app_public.messages set status = 'sent'$$, '42501', null, 'nobody writes there');
select throws_ok($$insert into app_public.messages (organization_id) values (tests.id('atlas'))$$, '42501', null, 'or makes up a message');
select tests.act_as('bruno');
select is(pg_temp.seen(), 'nobody', 'billing sees nothing of it');
select tests.act_as('stefan');
select is(pg_temp.seen(), 'nobody', 'nor does a specialist');
select tests.act_as('beata');
select is((select count(distinct patient_profile_id) from app_public.messages), 1::bigint, 'another clinic sees its own');

select tests.act_as('ana');
select is(pg_temp.seen(), 'Ana', 'a patient sees what they were sent');
select is((select count(distinct organization_id) from app_public.messages), 1::bigint, 'at the clinic they name');
select tests.act_as('corina');
select is(pg_temp.seen(), 'Carmen', 'a mother what her child was');
select tests.act_as('the database');
update app_public.patients set deleted_at = app_hidden.now() where patient_profile_id = tests.id('bogdan');
select tests.act_as('bogdan');
select is(pg_temp.seen(), 'nobody', 'who is no longer a patient no longer looks into the clinic');
select tests.act_as('a visitor');
select throws_ok($$select id from app_public.messages$$, '42501', null, 'a visitor sees nothing');

select tests.act_as('the database');
select throws_ok($$update app_public.messages set status = 'delivered' where channel = 'sms' and organization_id = tests.id('boreal')$$,
  '23514', null, 'what never left has not arrived');
update app_public.messages set status = 'sent', sent_at = now() where organization_id = tests.id('boreal');
select throws_ok($$update app_public.messages set status = 'queued' where organization_id = tests.id('boreal')$$, 'RX412', 'illegal_move', 'what left is not queued again, whoever writes');
select throws_ok($$update app_public.messages set status = 'failed' where organization_id = tests.id('boreal')$$, '23514', null, 'what failed says why');
select throws_ok(
  $$insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, patient_profile_id, recipient_name, data, expires_at)
    values (tests.id('boreal'), 'appointment_booked', 'sms', 'alert', 3, 'ro', 1, tests.id('bogdan'), 'B', '{}', now())$$,
  '23503', null, 'no clinic has a message to a patient of another');
select * from finish();
rollback;
