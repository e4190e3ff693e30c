-- Test: sessions in the clinic - an appointment that turns out to be another patient's is no session of the first; what was booked stays booked
-- when the plan goes to another version. EXE-04, FND-34.
begin;
select plan(15);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}', account => true);
select tests.calendar('massages', '{stefan}');
select tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 0, 3), tests.assigned('ana', 'knee'), tests.treatment_plan('hip', 0, 1), tests.assigned('ana', 'hip'),
  tests.treatment_plan('back', 0, 2), tests.assigned('ana', 'back'), tests.treatment_plan('over', 1, 0), tests.assigned('bogdan', 'over');
update app_public.patient_sessions set status = 'missed' where id = tests.id('bogdan''s over 1');
select tests.appointment('first', 'ana', 'massages', 'stefan', '2027-03-01 11:00+02'), tests.appointment('second', 'ana', 'massages', 'stefan', '2027-03-02 11:00+02'),
  tests.appointment('third', 'ana', 'massages', 'stefan', '2027-03-02 13:00+02'), tests.appointment('fourth', 'ana', 'massages', 'stefan', '2027-03-02 15:00+02');
create function pg_temp.session(place int, plan text default 'knee') returns app_public.patient_sessions language sql security definer as $$
  select s from app_public.patient_sessions s where s.id = tests.id('ana''s ' || $2 || ' ' || $1)
$$;
select tests.act_as('adrian');
select app_public.link_session((pg_temp.session(1)).id, tests.id('first')), app_public.link_session((pg_temp.session(2)).id, tests.id('second')),
  app_public.link_session((pg_temp.session(1, 'hip')).id, tests.id('third'));

-- Done, on the wrong chart.
select tests.freeze_time('2027-03-01 11:00+02');
select app_public.start_appointment(tests.id('first'));
select tests.freeze_time('2027-03-01 12:00+02');
select app_public.finish_appointment(tests.id('first'));
select is((pg_temp.session(1)).status, 'completed', 'it was done with its appointment');
select app_public.complete_clinic_session((pg_temp.session(1, 'back')).id, 'Came without an appointment');
select app_public.move_appointment_to_patient(tests.id('first'), tests.id('bogdan'), 'Wrong chart');
select is((pg_temp.session(1, 'back')).status, 'completed', 'another session that was done stays done');
select results_eq('select (s).status, (s).completed_at, (s).appointment_id from pg_temp.session(1) s', $$values ('due', null::timestamptz, null::uuid)$$, 'and is open again');
select is((select app_public.patient_treatment_plans_clinic_sessions_remaining(p) from app_public.patient_treatment_plans p where p.id = tests.id('ana''s knee')), 3, 'all of them remain');
select is((select adherence_percentage from app_public.patient_treatment_plans p, app_public.patient_treatment_plans_adherence_percentage(p) adherence_percentage where p.id = tests.id('ana''s knee')), null, 'nothing was done for her');

-- To come, on the wrong chart.
select app_public.move_appointment_to_patient(tests.id('second'), tests.id('bogdan'), 'Wrong chart');
select results_eq('select (s).status, (s).appointment_id from pg_temp.session(2) s', $$values ('due', null::uuid)$$, 'what is to come is no session of hers');
select app_public.move_appointment_to_patient(tests.id('second'), tests.id('ana'), 'It was hers after all');
select is((app_public.link_session((pg_temp.session(2)).id, tests.id('second'))).appointment_id, tests.id('second'), 'moved back it can be linked again');

-- With its last session done the plan was complete.
select tests.freeze_time('2027-03-02 13:00+02');
select app_public.start_appointment(tests.id('third'));
select tests.freeze_time('2027-03-02 14:00+02');
select app_public.finish_appointment(tests.id('third'));
select is((select status from app_public.patient_treatment_plans where id = tests.id('ana''s hip')), 'completed', 'a plan of one session');
select is((select status from app_public.patient_treatment_plans where id = tests.id('bogdan''s over')), 'active', 'and no other one of which nothing is left');
select app_public.move_appointment_to_patient(tests.id('third'), tests.id('bogdan'), 'Wrong chart');
select results_eq($$select (s).status, (s).completed_at is null, (s).appointment_id from pg_temp.session(1, 'hip') s$$, $$values ('completed', false, null::uuid)$$, 'stays as it ended');

-- Completed by staff before its visit took place.
select app_public.link_session((pg_temp.session(2, 'back')).id, tests.id('fourth'));
select app_public.complete_clinic_session((pg_temp.session(2, 'back')).id, 'Came earlier');
select tests.freeze_time('2027-03-02 15:00+02');
select app_public.start_appointment(tests.id('fourth'));
select tests.freeze_time('2027-03-02 16:00+02');
select app_public.finish_appointment(tests.id('fourth'));
select results_eq($$select (s).completed_at, (s).completion_reason from pg_temp.session(2, 'back') s$$, $$values (timestamptz '2027-03-02 14:00+02', 'Came earlier')$$, 'a visit that takes place later changes nothing of what staff said');

-- Another version.
select tests.act_as('the database');
select tests.treatment_version('knee 2', 'knee', 1, 3);
select tests.act_as('adrian');
select is((app_public.migrate_treatment_plan(tests.id('ana''s knee'), tests.id('knee 2'), 'Gets on well')).version_id, tests.id('knee 2'), 'moved to another version');
select results_eq($$select position, place, appointment_id from app_public.patient_sessions where patient_treatment_plan_id = tests.id('ana''s knee') and status = 'due' order by position$$,
  $$values (1, 'home', null::uuid), (2, 'clinic', tests.id('second')), (3, 'clinic', null), (4, 'clinic', null)$$, 'what was booked is its next session in the clinic');
select is_empty($$select from app_public.patient_sessions where patient_treatment_plan_id = tests.id('ana''s knee') and status = 'cancelled' and appointment_id is not null$$, 'and none of those that are no longer asked for');
select is((pg_temp.session(2)).status, 'cancelled', 'which are cancelled');
select * from finish();
rollback;
