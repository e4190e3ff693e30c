-- Test: patients_adherence_percentage, patient_treatment_plans_adherence_percentage - hundredths of what was due that were done: of one plan, and of all of the patient's at the clinic that go on.
-- What was called off, is beyond the plan, or is due after a pause began counts neither way; what remains in the clinic is counted of the clinic alone. EXE-03, EXE-04.
begin;
select plan(15);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.patient('ana'), tests.treatment_plan('theirs', 1, 0), tests.assigned('ana', 'theirs');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 4, 2), tests.treatment_plan('hip', 2, 0);
select tests.assigned('ana', 'knee'), tests.assigned('ana', 'hip'), tests.assigned('bogdan', 'knee');
create function pg_temp.of_plan(plan text) returns int language sql security definer as $$
  select app_public.patient_treatment_plans_adherence_percentage(p) from app_public.patient_treatment_plans p where p.id = tests.id(plan) $$;
create function pg_temp.of_patient(patient text default 'ana at atlas') returns int language sql security definer as $$
  select app_public.patients_adherence_percentage(p) from app_public.patients p where p.id = tests.id(patient) $$;
create function pg_temp.becomes(session text, status text) returns void language plpgsql security definer as $$
begin
  if status = 'completed' then
    update app_public.patient_sessions s set status = 'started', started_at = app_hidden.now() where s.id = tests.id(session) and s.place = 'home';
  end if;
  update app_public.patient_sessions s set status = becomes.status, completed_at = case when becomes.status = 'completed' then app_hidden.now() end where s.id = tests.id(session);
end $$;
create function pg_temp.in_clinic(plan text) returns text language sql security definer as $$
  select concat_ws(' ', app_public.patient_treatment_plans_clinic_sessions_granted(p), app_public.patient_treatment_plans_clinic_sessions_used(p), app_public.patient_treatment_plans_clinic_sessions_remaining(p))
  from app_public.patient_treatment_plans p where p.id = tests.id(plan) $$;

select is(pg_temp.of_plan('ana''s knee'), null, 'nothing was due');
select pg_temp.becomes('ana''s knee 1', 'completed');
select results_eq('select pg_temp.of_plan(''ana''''s knee''), pg_temp.of_patient()', 'values (100, 100)', 'what is done counts on its day');
select pg_temp.becomes('ana''s hip 1', 'missed');
select results_eq('select pg_temp.of_plan(''ana''''s knee''), pg_temp.of_plan(''ana''''s hip''), pg_temp.of_patient()', 'values (100, 0, 50)', 'and so does what was missed; hers is of both plans');
select results_eq('select pg_temp.of_plan(''bogdan''''s knee''), pg_temp.of_patient(''bogdan at atlas'')', 'values (null::int, null::int)', 'nobody else''s');
select pg_temp.becomes('ana''s theirs 1', 'missed');
select is(pg_temp.of_patient(), 50, 'at another clinic it is another one');
select is(pg_temp.of_patient('ana at boreal'), 0, 'of that clinic');
select pg_temp.becomes('ana''s knee 2', 'cancelled');
insert into app_public.patient_sessions (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, is_extra, due_on, place, status)
select organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, 1, true, due_on, 'home', 'due' from app_public.patient_sessions where id = tests.id('ana''s knee 1');
update app_public.patient_sessions set status = 'missed' where is_extra;
select tests.freeze_time('2027-03-05 10:00+02');
select results_eq('select pg_temp.of_plan(''ana''''s knee''), pg_temp.of_patient()', 'values (100, 33)', 'what was called off, or is beyond the plan, counts neither way; what is due today is not over');
select tests.freeze_time('2027-03-06 00:00+02');
select results_eq('select pg_temp.of_plan(''ana''''s knee''), pg_temp.of_patient()', 'values (50, 25)', 'once its day is over it counts, missed or not said yet');
update app_public.patient_treatment_plans set status = 'paused', paused_on = '2027-03-06' where id = tests.id('ana''s knee');
select tests.freeze_time('2027-03-20 10:00+02');
select results_eq('select pg_temp.of_plan(''ana''''s knee''), pg_temp.of_patient()', 'values (50, 25)', 'in a pause nothing more is due');
update app_public.patient_treatment_plans set status = 'active', paused_on = null where id = tests.id('ana''s knee');
select is(pg_temp.of_plan('ana''s knee'), 20, 'out of it all that was due is');
update app_public.patient_treatment_plans set status = 'cancelled' where id = tests.id('ana''s hip');
select is(pg_temp.of_patient(), 20, 'hers is of those plans that go on');

-- In the clinic.
select is(pg_temp.in_clinic('ana''s knee'), '2 0 2', 'two in the clinic, none of them used, whatever was done at home');
select pg_temp.becomes('bogdan''s knee 5', 'missed'), pg_temp.becomes('ana''s knee 5', 'completed');
select results_eq($$select pg_temp.in_clinic('ana''s knee'), pg_temp.in_clinic('bogdan''s knee')$$, $$values ('2 1 1', '2 1 1')$$, 'done or lost one is used, of each their own');
select pg_temp.becomes('ana''s knee 6', 'cancelled');
select is(pg_temp.in_clinic('ana''s knee'), '1 1 0', 'what is called off with its plan is not granted');
select is(pg_temp.in_clinic('bogdan''s knee'), '2 1 1', 'and stays his');
select * from finish();
rollback;
