-- Test: rule_holds, rule_problems - a condition of an automation asks what its event says, and its appointment. SEG-05.
begin;
select plan(11);
select tests.freeze_time('2027-03-10 10:00+00');
select tests.clinic('boreal');
select tests.specialist('stefan');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.specialist('carla');
select tests.service('massage', specialists => '{carla}');
select tests.calendar('calendar', service => 'massage', specialists => '{carla}');
select tests.appointment('visit', 'ana', 'calendar', 'carla', '2027-03-12 10:00+00');
create temporary table subject as
select appointments.*, patients.id as patient_id
from app_public.appointments
join app_public.patients on patients.organization_id = appointments.organization_id and patients.patient_profile_id = appointments.patient_profile_id
where appointments.id = tests.id('visit');
create temporary table told as
select app_private.publish('appointment.booked', s.organization_id, s.id, jsonb_build_object(
  'appointmentId', s.id, 'patientProfileId', s.patient_profile_id, 'specialistId', s.specialist_id, 'serviceId', s.service_id,
  'startsAt', '2027-03-10T22:30:00Z', 'endsAt', '2027-03-10T23:30:00Z', 'to', 'booked')) as id
from subject as s;
create function pg_temp.holds(rule text) returns boolean language sql as $$
  select app_private.rule_holds(s.organization_id, s.patient_id, rule::jsonb, (select id from told)) from subject as s $$;
create function pg_temp.problems(rule text, event text) returns text language sql as $$
  select coalesce(string_agg(path || ' ' || reason, ', '), '') from app_private.rule_problems(tests.id('atlas'), rule::jsonb, event) $$;

select ok(pg_temp.holds(format('{"field": "event.serviceId", "operator": "is", "value": "%s"}', (select service_id from subject))), 'its service');
select ok(pg_temp.holds('{"field": "event.to", "operator": "one_of", "value": ["booked", "done"]}'), 'its words');
select ok(not pg_temp.holds('{"field": "event.from", "operator": "is_not", "value": "done"}'), 'what it does not say matches nothing');
select ok(pg_temp.holds('{"field": "event.startsAt", "operator": "is", "value": "2027-03-11"}'), 'its day is on the clinic''s clock');
select ok(pg_temp.holds(format('{"all": [{"field": "appointment.status", "operator": "is", "value": "%s"}, {"count": {"of": "appointments"}, "operator": "at_least", "value": 1}]}', (select status from subject))),
  'what its appointment is now, beside what the patient has');
select is(app_private.rule_holds(tests.id('atlas'), null, '{"field": "event.to", "operator": "is", "value": "booked"}', (select id from told)), true, 'of nobody in particular');
select is(app_private.rule_holds(tests.id('boreal'), null, '{"all": [{"field": "profile.age", "operator": "is_not_set"}]}', (select id from told)), true, 'another clinic''s event says nothing, nor of whom it is');
select is(pg_temp.problems('{"field": "event.to", "operator": "is", "value": "booked"}', null), '$.field field_unknown', 'a segment has no event');
select is(pg_temp.problems('{"field": "appointment.status", "operator": "is", "value": "done"}', 'patient.booking_blocked'), '$.field field_unknown', 'nor has every event an appointment');
select is(pg_temp.problems('{"field": "appointment.status", "operator": "is", "value": "done"}', 'appointment.booked'), '', 'this one has');
select is(pg_temp.problems(format('{"field": "event.specialistId", "operator": "is", "value": "%s"}', tests.id('stefan')), 'appointment.booked'), '$.value not_offered', 'a specialist of another clinic is none');
select * from finish();
rollback;
