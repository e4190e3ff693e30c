-- Test: sessions in the clinic - done with their appointment, or by staff, never without a reason; what remains is right at once. EXE-04.
begin;
select plan(55);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}', account => true);
select tests.calendar('massages', '{stefan}');
select tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 0, 6), tests.assigned('ana', 'knee'), tests.treatment_plan('home', 1, 1), tests.assigned('ana', 'home');
create function pg_temp.visit(name text, at timestamptz, patient text default 'ana') returns uuid language sql as $$
  select tests.appointment(name, patient, 'massages', 'stefan', at)
$$;
select pg_temp.visit('first', '2027-03-01 11:00+02'), pg_temp.visit('second', '2027-03-02 11:00+02'), pg_temp.visit('third', '2027-03-02 13:00+02'), pg_temp.visit('fourth', '2027-03-02 15:00+02'), pg_temp.visit('bogdan''s', '2027-03-09 11:00+02', 'bogdan');
create function pg_temp.remaining(out granted int, out used int, out remaining int) returns record language sql as $$
  select app_public.patient_treatment_plans_clinic_sessions_granted(p), app_public.patient_treatment_plans_clinic_sessions_used(p), app_public.patient_treatment_plans_clinic_sessions_remaining(p)
  from app_public.patient_treatment_plans p where p.id = tests.id('ana''s knee')
$$;
create function pg_temp.session(place int) returns uuid language sql as $$ select tests.id('ana''s knee ' || place) $$;

-- Linked.
select tests.act_as('beata');
select * from tests.refuses($$select app_public.link_session(pg_temp.session(1), tests.id('first'))$$, 'NOT_FOUND', 'appointment_not_found', 'another clinic links nothing');
select * from tests.refuses($$select app_public.link_session(pg_temp.session(1))$$, 'NOT_FOUND', 'session_not_found', 'and unlinks nothing');
select * from tests.refuses($$select app_public.complete_clinic_session(pg_temp.session(1), 'Was here')$$, 'NOT_FOUND', 'session_not_found', 'or completes');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.complete_clinic_session(pg_temp.session(1), 'Was there')$$, 'NOT_FOUND', 'not_found', 'nor the patient');
select * from tests.refuses($$select app_public.link_session(pg_temp.session(1), tests.id('first'))$$, 'NOT_FOUND', 'not_found', 'who links nothing either');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.complete_clinic_session(uuidv7(), 'Was there')$$, '42501', null, 'nor a visitor');
select * from tests.refuses($$select app_public.link_session(uuidv7())$$, '42501', null, 'in no way');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.link_session(pg_temp.session(1), tests.id('first'))$$, 'NOT_FOUND', 'session_not_found', 'front desk sees no plans');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.link_session(pg_temp.session(1), tests.id('bogdan''s'))$$, 'NOT_FOUND', 'appointment_not_found', 'somebody else''s visit is not hers');
select * from tests.refuses($$select app_public.link_session(tests.id('ana''s home 1'), tests.id('first'))$$, 'STATE', 'session_is_at_home', 'nor is what is done at home in a visit');
select is((app_public.link_session(pg_temp.session(1), tests.id('first'))).appointment_id, tests.id('first'), 'linked');
select is((app_public.link_session(pg_temp.session(1), tests.id('first'))).appointment_id, tests.id('first'), 'once');
select * from tests.refuses($$select app_public.link_session(pg_temp.session(2), tests.id('first'))$$, 'CONFLICT', 'appointment_is_linked', 'a visit is one session');
select is((app_public.link_session(pg_temp.session(1))).appointment_id, null, 'unlinked');
select app_public.link_session(pg_temp.session(1), tests.id('first')), app_public.link_session(pg_temp.session(2), tests.id('second')), app_public.link_session(pg_temp.session(3), tests.id('third')), app_public.link_session(pg_temp.session(4), tests.id('fourth'));
select results_eq($$select * from pg_temp.remaining()$$, $$values (6, 0, 6)$$, 'six are granted');

-- Done.
select tests.freeze_time('2027-03-01 12:00+02');
select tests.act_as('adrian');
select app_public.start_appointment(tests.id('first'));
select results_eq($$select * from pg_temp.remaining()$$, $$values (6, 0, 6)$$, 'what has begun is not used');
select app_public.finish_appointment(tests.id('first'));
select results_eq($$select * from pg_temp.remaining()$$, $$values (6, 1, 5)$$, 'what is done is');
select tests.act_as('ana');
select results_eq($$select * from pg_temp.remaining()$$, $$values (6, 1, 5)$$, 'as the patient reads, too');
select results_eq($$select status, completed_at, completed_by from app_public.patient_sessions where id = pg_temp.session(1)$$, $$values ('completed', timestamptz '2027-03-01 12:00+02', null::uuid)$$, 'by its appointment');
select tests.act_as('stefan');
select is((app_public.complete_clinic_session(pg_temp.session(1), 'Was here')).completion_reason, null, 'a second completion changes nothing');
select results_eq($$select * from pg_temp.remaining()$$, $$values (6, 1, 5)$$, 'nor what remains');
select * from tests.refuses($$select app_public.link_session(pg_temp.session(1))$$, 'STATE', 'session_not_open', 'and it stays with its visit');
select * from tests.refuses($$select app_public.link_session(pg_temp.session(5), tests.id('first'))$$, 'STATE', 'appointment_has_ended', 'which is none for another');

-- Called off, and not come to.
select tests.act_as('adrian');
select app_public.cancel_appointment(tests.id('second'), 'The clinic is closed');
select results_eq($$select status, appointment_id from app_public.patient_sessions where id = pg_temp.session(2)$$, $$values ('due', null::uuid)$$, 'called off by the clinic it is open again');
select results_eq($$select * from pg_temp.remaining()$$, $$values (6, 1, 5)$$, 'and remains');
select tests.freeze_time('2027-03-02 14:30+02');
select app_public.record_no_show(tests.id('third'));
select results_eq($$select status, appointment_id from app_public.patient_sessions where id = pg_temp.session(3)$$, $$values ('missed', tests.id('third'))$$, 'nobody came, and the policy keeps the session');
select results_eq($$select * from pg_temp.remaining()$$, $$values (6, 2, 4)$$, 'which is used');
select app_public.cancel_appointment(tests.id('fourth'), 'Is ill', for_patient => true);
select is((select status from app_public.patient_sessions where id = pg_temp.session(4)), (select case when is_late_cancellation and late_cancel_session = 'kept' then 'missed' else 'due' end from app_public.appointments where id = tests.id('fourth')), 'called off late, as the policy says');
select tests.act_as('the database');
update app_public.appointments set status = 'booked' where id = tests.id('fourth');
select is((select status from app_public.patient_sessions where id = pg_temp.session(4)), 'due', 'reinstated, it is open');
select tests.act_as('stefan');
select app_public.link_session(pg_temp.session(4), tests.id('fourth'));
select tests.act_as('the database');
update app_public.appointments set is_late_cancellation = true, late_cancel_session = 'kept', status = 'cancelled' where id = tests.id('fourth');
select results_eq($$select status, appointment_id from app_public.patient_sessions where id = pg_temp.session(4)$$, $$values ('missed', tests.id('fourth'))$$, 'called off late where the policy keeps the session it is used');
update app_public.appointments set status = 'booked' where id = tests.id('fourth');
select results_eq($$select status, appointment_id from app_public.patient_sessions where id = pg_temp.session(4)$$, $$values ('due', tests.id('fourth'))$$, 'reinstated it is open again, in the same visit');
update app_public.appointments set status = 'cancelled' where id = tests.id('fourth');
select tests.act_as('adrian');

-- By staff, with a reason.
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.complete_clinic_session(pg_temp.session(2), '')$$, 'VALIDATION', 'reason_missing', 'not without a reason');
select * from tests.refuses($$select app_public.complete_clinic_session(tests.id('ana''s home 1'), 'Was here')$$, 'STATE', 'session_is_at_home', 'not what is done at home');
select results_eq($$select s.status, s.completed_by, s.completion_reason from app_public.complete_clinic_session(pg_temp.session(2), ' Came without an appointment ') s$$, $$values ('completed', (select principal_id from tests.personas where name = 'stefan'), 'Came without an appointment')$$, 'done');
select is((pg_temp.remaining()).remaining, 6 - (pg_temp.remaining()).used, 'what remains is what was granted, less what was used');
select is((app_public.complete_clinic_session(pg_temp.session(3), 'Came later')).status, 'completed', 'what was missed may be made up for');

-- With the last of them the plan is complete.
select app_public.complete_clinic_session(pg_temp.session(n), 'Came') from generate_series(4, 5) n;
select is((select status from app_public.patient_treatment_plans where id = tests.id('ana''s knee')), 'active', 'one is left');
select app_public.complete_clinic_session(pg_temp.session(6), 'Came');
select is((select status from app_public.patient_treatment_plans where id = tests.id('ana''s knee')), 'completed', 'and none');
select results_eq($$select * from pg_temp.remaining()$$, $$values (6, 6, 0)$$, 'nothing remains');
select tests.act_as('the database');
select results_eq($$select name, count(*) from app_private.events where subject_id = tests.id('ana''s knee') group by name order by name$$,
  $$values ('treatment_plan.assigned', 1::bigint), ('treatment_plan.completed', 1), ('treatment_plan.session_completed', 6)$$, 'each is told once');
select * from finish();
rollback;
