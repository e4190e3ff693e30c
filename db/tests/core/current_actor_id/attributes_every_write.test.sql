-- Test: current_actor_id - a write belongs to the human, or to the process that is logged in. FND-02, FND-08.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.appointment('visit', 'ana', 'mondays', 'stefan', '2027-03-01 10:00+02');

select tests.act_as('adrian');
select tests.remember('invitation', (app_public.invite_member(tests.id('atlas'), 'nora@atlas.test', 'Nora', array[tests.role_id('billing')])).id);
select app_public.confirm_appointment(tests.id('visit'));
select tests.act_as('the database');
select is(
  (select invited_by from app_public.invitations where id = tests.id('invitation')), tests.id('adrian'), 'a colleague was invited by the admin');
select is(
  (select moved_by from app_public.appointment_moves where to_status = 'confirmed'), tests.id('adrian'), 'an appointment was moved by the admin');
select is(
  (select actor_id from app_private.events where name = 'appointment.confirmed'), tests.id('adrian'), 'the event says who');

select tests.appointment('next visit', 'ana', 'mondays', 'stefan', '2027-03-01 12:00+02');
select tests.remember('the worker', principal_id) from app_public.service_accounts where name = 'worker';
set session authorization app_worker;
select is(app_private.advance_appointments(), 1, 'the worker moves one');
reset session authorization;
select is(
  (select moved_by from app_public.appointment_moves where to_status = 'upcoming'), tests.id('the worker'), 'in the name of its service account');
select is((select actor_id from app_private.events where name = 'appointment.upcoming'), tests.id('the worker'), 'and so does the event');
select is(
  (select array_agg(actor_id) from tests.entries_of('app_public.appointments', tests.id('next visit')) where action = 'update'),
  array[tests.id('the worker')], 'and so does what append() writes into the log');

select tests.act_as('a visitor');
select throws_ok('select app_private.current_actor_id()', '42501', null, 'visitors do not ask');
select tests.act_as('the database');
select is(app_private.current_actor_id(), null, 'a login that is no process is nobody');
select * from finish();
rollback;
