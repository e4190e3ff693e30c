-- Test: move_appointment, tg_appointments__record_move - every move leaves one row with who and when, and one event; an illegal one leaves nothing. APT-01, FND-02, FND-14.
begin;
select plan(16);
select tests.freeze_time('2027-03-08 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('stefan', 'specialist');
select tests.patient('ana');
select tests.specialist('dr stefan');
select tests.calendar('mondays', '{dr stefan}');
select tests.appointment('visit', 'ana', 'mondays', 'dr stefan', '2027-03-08 10:00+02');
select tests.appointment('other visit', 'ana', 'mondays', 'dr stefan', '2027-03-08 12:00+02');
select tests.remember('ana''s account', principal_id) from tests.personas where name = 'ana';

select tests.act_as('ana');
select is((app_public.confirm_appointment(tests.id('visit'))).status, 'confirmed', 'the patient confirms');
select tests.act_as('the database');
select set_config('tests.now', '2027-03-08 10:05+02', true);
select tests.act_as('stefan');
select is((app_public.start_appointment(tests.id('visit'))).status, 'inprogress', 'the specialist starts');
select tests.act_as('the database');
select set_config('tests.now', '2027-03-08 10:55+02', true);
select tests.act_as('stefan');
select is((app_public.finish_appointment(tests.id('visit'))).status, 'done', 'and finishes');
select * from tests.refuses($$select app_public.cancel_appointment(tests.id('visit'))$$, 'STATE', 'illegal_move', 'what is done is not cancelled');
select tests.act_as('flavia');
select is((app_public.cancel_appointment(tests.id('other visit'), '  The specialist is ill ')).cancellation_reason, 'The specialist is ill', 'front desk cancels, with a reason');

select tests.act_as('the database');
select results_eq(
  $$select from_status, to_status, moved_by, moved_at, reason from app_public.appointment_moves where appointment_id = tests.id('visit') order by id$$,
  $$values (null, 'booked', null::uuid, '2027-03-08 08:00+02'::timestamptz, null),
           ('booked', 'confirmed', tests.id('ana''s account'), '2027-03-08 08:00+02', null),
           ('confirmed', 'inprogress', tests.id('stefan'), '2027-03-08 10:05+02', null),
           ('inprogress', 'done', tests.id('stefan'), '2027-03-08 10:55+02', null)$$,
  'one row a move: from, to, who, when');
select is(tests.events_of(tests.id('visit')), '{appointment.booked,appointment.confirmed,appointment.started,appointment.done}', 'one event a move');
select results_eq(
  $$select from_status, to_status, moved_by, reason from app_public.appointment_moves where appointment_id = tests.id('other visit') order by id desc limit 1$$,
  $$values ('booked', 'cancelled', tests.id('flavia'), 'The specialist is ill')$$, 'the reason is in the history');
select is(
  (select payload - 'serviceId' - 'specialistId' - 'patientProfileId' from app_private.events where name = 'appointment.done'),
  jsonb_build_object('appointmentId', tests.id('visit'), 'from', 'inprogress', 'to', 'done', 'startsAt', '2027-03-08T08:00:00+00:00'::timestamptz, 'endsAt', '2027-03-08T09:00:00+00:00'::timestamptz),
  'the event carries ids and times');
select * from tests.refuses('update app_public.appointments set status = status', 'STATE', 'illegal_move', 'what stays as it is moves nowhere');
select tests.act_as('flavia');
select is((select count(*) from app_public.appointment_moves), 6::bigint, 'staff read the history');
select throws_ok(format(s, 'app_public.appointment_moves'), '42501', null, s || ': nobody rewrites it')
from unnest(array['update %s set reason = null', 'delete from %s']) s;
select tests.act_as('ana');
select is((select count(*) from app_public.appointment_moves), 0::bigint, 'the patient does not read it');
select tests.act_as('flavia');
select * from finish();
rollback;
