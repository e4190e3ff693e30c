-- Test: consume_notifications - who is written to, in which language, about what. APT-08, APT-09, FND-15.
begin;
select plan(20);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas', locale => 'en');
select tests.specialist('ana');
select tests.calendar('mondays', '{ana}', modality => 'video');
update app_public.services set name = 'Kinetoterapie', translations = '{"en": {"name": "Physiotherapy"}}' where organization_id = tests.id('atlas');
select tests.patient('maria');
select tests.staff('flavia', 'front_desk');
select tests.booking_request('the request', 'mondays', 'ana', '2027-03-08 09:00+02');
select tests.appointment('direct', 'maria', 'mondays', 'ana', '2027-03-08 11:00+02');
select tests.appointment('from the request', 'maria', 'mondays', 'ana', '2027-03-08 13:00+02', booking_request => 'the request');
update app_public.appointments set contact_email = 'maria@people.test', cancellation_reason = 'Specialistul este bolnav.'
where organization_id = tests.id('atlas');
update app_public.booking_requests set rejection_reason = 'Suntem plecați.' where id = tests.id('the request');

-- Tells the consumer about an event that happened to a subject; answers its messages over some channels.
create function pg_temp.consume(name text, subject text, channels text[] default '{email}') returns setof app_public.messages language plpgsql as $$
declare v_event uuid;
begin
  insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
  values (tests.id('atlas'), consume.name, 1, split_part(consume.name, '.', 1), tests.id(subject), '{}', app_hidden.now())
  returning id into v_event;
  perform app_private.consume_notifications(v_event);
  perform app_private.consume_notifications(v_event); -- at least once: again changes nothing
  return query select * from app_public.messages where event_id = v_event and messages.channel = any (consume.channels) order by id;
end;
$$;

select is_empty(
  $$select m.from_state, m.to_state from app_private.state_transitions m
    where m.entity in ('appointments', 'booking_requests') and m.quiet_because is null and not exists (
      select from pg_temp.consume(m.event, case m.entity when 'appointments' then 'direct' else 'the request' end))$$,
  'every move that gives no reason to be quiet tells somebody');
delete from app_public.messages;

create temporary table received as select * from pg_temp.consume('booking_request.received', 'the request');
select results_eq(
  $$select template_key, recipient_email, recipient_name, locale from received order by template_key$$,
  $$values ('booking_request_received', 'guest@people.test', 'Gabriela Munteanu', 'ro'),
           ('booking_request_to_review', 'contact@atlas.test', 'Atlas', 'en')$$,
  'a request is acknowledged to the guest and put before the clinic, each in their language');
select results_eq(
  $$select calendar_uid, calendar_sequence from received order by template_key$$,
  $$values (tests.id('the request'), 0), (null, null)$$,
  'the guest gets the calendar entry of the request');
select results_eq(
  $$select data from received where template_key = 'booking_request_received'$$,
  $$select jsonb_build_object('serviceName', 'Kinetoterapie', 'specialistName', 'Dr. Ana Ionescu', 'modality', 'video',
      'startsAt', starts_at, 'endsAt', ends_at, 'timezone', 'Europe/Bucharest', 'respondBy', respond_by,
      'bookingRequestId', id)
    from app_public.booking_requests where id = tests.id('the request')$$,
  'with what the mail says');
select results_eq(
  $$select data ->> 'serviceName', data ->> 'guestName' from received where template_key = 'booking_request_to_review'$$,
  $$values ('Physiotherapy', 'Gabriela Munteanu')$$,
  'the clinic reads names in its language, and who asked');

select results_eq(
  $$select template_key, recipient_email, calendar_uid, calendar_sequence from pg_temp.consume('booking_request.confirmed', 'the request')$$,
  $$values ('booking_request_confirmed', 'guest@people.test', tests.id('the request'), 1)$$,
  'a confirmation replaces the guest''s calendar entry');
select results_eq(
  $$select template_key, recipient_email, data ->> 'reason' from pg_temp.consume('booking_request.rejected', 'the request')$$,
  $$values ('booking_request_rejected', 'guest@people.test', 'Suntem plecați.')$$,
  'a rejection says why');
select results_eq(
  $$select template_key, recipient_email, calendar_sequence from pg_temp.consume('booking_request.expired', 'the request')$$,
  $$values ('booking_request_expired', 'guest@people.test', 3)$$,
  'an expiry tells the guest');

select results_eq(
  $$select template_key, recipient_email, calendar_uid, calendar_sequence, data ->> 'guestName'
    from pg_temp.consume('booking_request.withdrawn', 'the request') order by template_key$$,
  $$values ('booking_request_withdrawn', 'guest@people.test', tests.id('the request'), 4, null),
           ('booking_request_withdrawn_by_guest', 'contact@atlas.test', null, null, 'Gabriela Munteanu')$$,
  'a guest who withdraws loses the calendar entry, and the clinic hears that the time is free');

select results_eq(
  $$select template_key, recipient_email, calendar_uid, calendar_sequence from pg_temp.consume('appointment.booked', 'direct')$$,
  $$values ('appointment_booked', 'maria@people.test', tests.id('direct'), 0)$$,
  'an appointment made by the clinic is told to the patient');
select is_empty(
  $$select * from pg_temp.consume('appointment.booked', 'from the request')$$,
  'one that grew out of a request was told with the confirmation');
insert into app_public.appointment_moves (organization_id, appointment_id, from_status, to_status, moved_by, moved_at)
values (tests.id('atlas'), tests.id('from the request'), 'booked', 'cancelled', tests.id('flavia'), app_hidden.now()),
       (tests.id('atlas'), tests.id('direct'), 'booked', 'cancelled', tests.id('flavia'), app_hidden.now());
select results_eq(
  $$select template_key, recipient_email, calendar_uid, data ->> 'reason' from pg_temp.consume('appointment.cancelled', 'from the request')$$,
  $$values ('appointment_cancelled', 'maria@people.test', tests.id('the request'), 'Specialistul este bolnav.')$$,
  'its cancellation takes out the entry of the request');

update app_public.appointment_moves set moved_by = (select human_id from app_public.patient_profiles where id = tests.id('maria'))
where appointment_id = tests.id('from the request') and to_status = 'cancelled';
select results_eq(
  $$select template_key, recipient_email, locale, data ->> 'patientName', data ->> 'serviceName'
    from pg_temp.consume('appointment.cancelled', 'from the request') order by template_key$$,
  $$values ('appointment_cancelled', 'maria@people.test', 'ro', null, 'Kinetoterapie'),
           ('appointment_cancelled_by_patient', 'contact@atlas.test', 'en', 'Maria', 'Physiotherapy')$$,
  'the clinic hears of it when the patient cancelled');

select results_eq(
  $$select channel, address, account_id, status from pg_temp.consume('appointment.cancelled', 'direct', '{sms,push,in_app,whatsapp}') order by channel$$,
  $$values ('in_app', null, (select human_id from app_public.patient_profiles where id = tests.id('maria')), 'queued'),
           ('sms', '+40722000111', null, 'queued')$$,
  'and reaches the patient''s telephone and inbox');
select results_eq(
  $$select channel, address from pg_temp.consume('booking_request.confirmed', 'the request', '{sms,push,in_app,whatsapp}')$$,
  $$values ('sms', '+40722000222')$$,
  'a guest has no inbox: the telephone they gave');
update app_public.appointments set contact_email = null where id = tests.id('direct');
update app_public.patient_profiles set email = null, phone = null, human_id = null where id = tests.id('maria');
select results_eq(
  $$select channel, status, reason from pg_temp.consume('appointment.cancelled', 'direct', '{email,sms,push,in_app,whatsapp}')$$,
  $$values ('email', 'skipped', 'unreachable')$$,
  'a patient whom nothing reaches is not forgotten: the clinic sees that nobody was told');
update app_public.organizations set contact_email = null where id = tests.id('atlas');
select results_eq(
  $$select template_key from pg_temp.consume('booking_request.received', 'the request')$$,
  $$values ('booking_request_received')$$,
  'nor a clinic without one');
update app_public.booking_requests set respond_by = starts_at where id = tests.id('the request');
select results_eq(
  $$select data -> 'respondBy' from pg_temp.consume('booking_request.received', 'the request')$$,
  $$values ('null'::jsonb)$$,
  'where no answer is promised the mail names none');
select throws_ok($$select app_private.consume_notifications(uuidv7())$$, 'P0002', null, 'an event that does not exist is a fault, not silence');

select tests.act_as('ana the stranger') from (select tests.person('ana the stranger')) as p;
select throws_ok($$select app_private.consume_notifications(uuidv7())$$, '42501', null, 'only the worker consumes');
select * from finish();
rollback;
