-- Test: book_directly, tg_appointments__record_move, timetables, verdicts, bookable - front desk books a walk-in; a reason sets notice, hours, closings and grid aside, never another claim. APT-01, SCH-06.
begin;
select plan(60);
select tests.freeze_time('2027-03-01 10:03:20+02');
select tests.clinic('borealis');
select tests.staff('horia', 'admin');
select tests.staff('iris', 'front_desk');
select tests.patient('stranger', account => false);
select tests.clinic('atlas');
select tests.staff('iris', 'front_desk');
select tests.staff('flavia', 'front_desk');
select tests.specialist('dr petru', weekly => '{"mon": [["09:00", "12:00"]]}', account => true);
select tests.specialist('dr rodica', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.patient('ana', email => 'ana@people.test');
select tests.patient('removed', account => false);
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('removed');
select tests.specialist('dr gone', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('visits', specialists => '{dr gone,dr petru,dr rodica}', minutes => 60, notice_minutes => 120, horizon_days => 30);
select tests.calendar('alone', specialists => '{dr petru}', minutes => 30, notice_minutes => 120, is_public => false);
select tests.specialist('dr sorin', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('late', specialists => '{dr sorin}', minutes => 30);
update app_public.specialists set deleted_at = now() where id = tests.id('dr gone');
select tests.guard_claims();
create function pg_temp.book(at timestamptz, reason text default null, calendar text default 'visits', specialist text default null, patient text default 'ana')
returns app_public.appointments language sql as $$
  select app_public.book_directly(tests.id(calendar), at, tests.id(patient), case when specialist is not null then tests.id(specialist) end, reason)
$$;

select tests.act_as('a visitor');
select throws_ok($$select pg_temp.book('2027-03-08 09:00+02')$$, '42501', null, 'a visitor has no such door');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.book('2027-03-08 09:00+02')$$, 'NOT_FOUND', 'not_found', 'nor has a patient');
select * from tests.refuses($$select pg_temp.book('2027-03-08 09:00+02', 'I am in a hurry')$$, 'NOT_FOUND', 'not_found', 'whatever the reason');
select tests.act_as('horia');
select * from tests.refuses($$select pg_temp.book('2027-03-08 09:00+02', 'Because')$$, 'NOT_FOUND', 'not_found', 'nor have staff of another clinic');
select * from tests.refuses($$select pg_temp.book('2027-03-08 09:00+02', calendar => 'alone')$$, 'NOT_FOUND', 'calendar_not_found', 'who do not see what is private');
select tests.act_as('the database');
delete from app_public.role_permissions where permission = 'appointments.manage'
  and role_id = tests.role_id('specialist', 'atlas');
select tests.act_as('dr petru');
select * from tests.refuses($$select pg_temp.book('2027-03-08 09:00+02')$$, 'FORBIDDEN', 'permission_missing', 'it needs the permission');

select tests.act_as('iris');
select set_config('app.organization_id', '', true);
select * from tests.refuses($$select pg_temp.book('2027-03-08 09:00+02', patient => 'stranger')$$, 'NOT_FOUND', 'patient_not_found', 'who works at two clinics does not book at one for a patient of the other');
select tests.act_as('the database');
delete from app_public.role_permissions where permission = 'patients.view' and role_id = tests.role_id('front_desk', 'atlas');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.book('2027-03-08 09:00+02')$$, 'NOT_FOUND', 'patient_not_found', 'it takes the right to see patients');
select tests.act_as('the database');
insert into app_public.role_permissions (organization_id, role_id, permission) values (tests.id('atlas'), tests.role_id('front_desk', 'atlas'), 'patients.view');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.book('2027-03-08 09:00+02', patient => 'removed')$$, 'NOT_FOUND', 'patient_not_found', 'who was removed is none');
select is((pg_temp.book('2027-03-08 09:00+02')).status, 'booked', 'a listed time is booked without a hold');
select is((select count(*) from app_public.appointment_moves where reason is null and overridden_rules is null), 1::bigint, 'nothing was set aside');
select * from tests.refuses($$select pg_temp.book('2027-03-01 11:00+02')$$, 'VALIDATION', 'inside_notice', 'the rules hold without a reason');
select * from tests.refuses($$select pg_temp.book('2027-03-01 11:00+02', '  ')$$, 'VALIDATION', 'reason_missing', 'a blank is none');
select * from tests.refuses($$select pg_temp.book('2027-03-01 11:00+02', repeat('a', 501))$$, 'VALIDATION', 'reason_missing', 'nor a novel');
select * from tests.refuses($$select pg_temp.book('2027-03-01 11:00+02', 'Walk-in', patient => 'stranger')$$, 'NOT_FOUND', 'patient_not_found', 'a patient of another clinic is none here');
select * from tests.refuses($$select pg_temp.book(null, 'Walk-in')$$, 'VALIDATION', 'start_invalid', 'no time is none');
select * from tests.refuses($$select pg_temp.book('294276-01-01', 'Walk-in')$$, 'VALIDATION', 'start_invalid', 'nor is a year that nobody lives to see');
select * from tests.refuses($$select pg_temp.book('4713-01-01 BC', 'Walk-in')$$, 'VALIDATION', 'start_invalid', 'nor one before anybody counted');
select * from tests.refuses($$select pg_temp.book('2027-03-01 09:00+02', 'Walk-in')$$, 'VALIDATION', 'in_the_past', 'an hour ago is too long ago');
select * from tests.refuses($$select pg_temp.book('2027-03-01 09:03:19.999999+02', 'Walk-in', calendar => 'late')$$, 'VALIDATION', 'in_the_past', 'so is a moment more than an hour');
select is((pg_temp.book('2027-03-01 09:03:20+02', 'Walk-in', calendar => 'late')).status, 'booked', 'but not the hour itself');

select tests.remember('walk-in', (pg_temp.book('2027-03-01 10:03+02', ' Walk-in ', specialist => 'dr petru')).id);
select results_eq(
  $$select reason, overridden_rules from app_public.appointment_moves where appointment_id = tests.id('walk-in')$$,
  $$values ('Walk-in', array['in_the_past', 'inside_notice', 'off_the_grid'])$$, 'the move says what was set aside, and why');
select tests.act_as('the database');
select results_eq(
  $$select new ->> 'override_reason', new -> 'overridden_rules' from audit.entries
    where table_name = 'app_public.appointments' and row_key = tests.id('walk-in')::text$$,
  $$values ('Walk-in', '["in_the_past", "inside_notice", "off_the_grid"]'::jsonb)$$, 'so does the audit');
select is(tests.events_of(tests.id('walk-in')), '{appointment.booked}', 'it is booked like any other');
select is((select sum(assigned_count) from app_private.specialist_assignment_tracking where calendar_id = tests.id('visits')), 2::numeric, 'and takes a turn');

select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.book('2027-03-01 10:30+02', 'Walk-in', specialist => 'dr petru')$$, 'SLOT_TAKEN', 'slot_taken', 'another claim stands, whatever the reason');
select * from tests.refuses($$select pg_temp.book('2027-03-01 10:30+02', 'Walk-in', calendar => 'alone')$$, 'SLOT_TAKEN', 'slot_taken', 'in every calendar');
select is((pg_temp.book('2027-03-01 10:30+02', 'Walk-in')).specialist_id, tests.id('dr rodica'), 'the colleague is free');
select is((pg_temp.book('2027-03-06 20:10+02', rpad('Comes from abroad', 500, '.'))).status, 'booked', 'hours and grid');
select is((pg_temp.book('2027-06-07 09:00+03', 'Planned long ago')).overridden_rules, '{beyond_horizon}', 'the horizon');
select tests.override('dr petru', 'closed', '2027-03-15');
select is((select count(distinct (pg_temp.book('2027-03-15 09:00+02', 'Urgent')).specialist_id)), 1::bigint, 'by turn');
select is((select specialist_id from app_public.appointments where starts_at = '2027-03-15 09:00+02'), tests.id('dr rodica'), 'nobody is called back while a colleague is there');
select is((pg_temp.book('2027-03-15 10:00+02', 'Urgent', specialist => 'dr petru')).override_reason, 'Urgent', 'who is named comes back from a vacation');
select results_eq(
  $$select m.overridden_rules from app_public.appointment_moves m join app_public.appointments a on a.id = m.appointment_id
    where a.starts_at = '2027-03-15 10:00+02'$$,
  $$values (array['closed'])$$, 'and that is written down');
select is((pg_temp.book('2027-03-29 10:00+03', specialist => 'dr petru')).status, 'booked', 'one is taken');
select tests.override('dr rodica', 'closed', '2027-03-29');
select is((pg_temp.book('2027-03-29 10:30+03', 'Urgent')).specialist_id, tests.id('dr rodica'), 'then the other is called back: who is taken is nobody''s choice');
select tests.override('dr petru', 'closed', '2027-04-05');
select is(
  (select array_agg(distinct (pg_temp.book(at, 'Urgent')).specialist_id) from unnest('{2027-04-05 09:10+03,2027-04-05 10:10+03,2027-04-05 11:10+03}'::timestamptz[]) as at),
  array[tests.id('dr rodica')], 'a vacation weighs more than the grid and the hours, whosever turn it is');
select is((pg_temp.book('2027-03-22 09:00+02', 'To be sure')).override_reason, null, 'a reason that was not needed is not kept');
select * from tests.refuses($$select pg_temp.book('2027-03-01 12:00+02', 'Walk-in', specialist => 'stranger')$$, 'VALIDATION', 'unknown_specialist', 'nobody who is no specialist here');
select app_public.cancel_appointment(tests.id('walk-in'), 'Went home');
select results_eq(
  $$select to_status, reason, overridden_rules from app_public.appointment_moves where appointment_id = tests.id('walk-in') order by id$$,
  $$values ('booked', 'Walk-in', array['in_the_past', 'inside_notice', 'off_the_grid']), ('cancelled', 'Went home', null)$$, 'a later move set nothing aside');
select * from finish();
rollback;
