-- Test: sessions - the last one that the plan asks for completes this plan alone, whatever is open beyond it; and what is said of pain and amounts is in range. EXE-02, EXE-03, EXE-04.
begin;
select plan(42);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.staff('beata', 'admin'), tests.patient('ana'), tests.treatment_plan('theirs', 1, 0), tests.assigned('ana', 'theirs');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist'), tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 1, 0), tests.treatment_plan('hip', 2, 0, 'draft'), tests.treatment_plan('clinic', 0, 1), tests.treatment_plan('long', 0, 2), tests.treatment_plan('over', 1, 0);
insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
select organization_id, version_id, 1, 2, exercise_id, prescription from app_public.treatment_plan_exercises where version_id = tests.id('hip') and session_position = 1;
update app_public.treatment_plan_versions v set status = 'submitted', submitted_at = app_hidden.now(), sessions_snapshot = app_private.treatment_snapshot(v),
  content_hash = sha256(convert_to(app_private.treatment_snapshot(v)::text, 'UTF8')) where v.id = tests.id('hip');
select tests.assigned('ana', 'knee'), tests.assigned('ana', 'hip'), tests.assigned('ana', 'clinic'), tests.assigned('bogdan', 'clinic'), tests.assigned('bogdan', 'long'), tests.assigned('bogdan', 'over');
insert into app_public.patient_sessions (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, is_extra, due_on, place)
select organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, 1, true, due_on, 'home' from app_public.patient_sessions where id = tests.id('ana''s knee 1');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where place = 'home' and not is_extra;
update app_public.patient_sessions set status = 'missed' where id = tests.id('bogdan''s over 1');
create function pg_temp.plan_of(plan text) returns text language sql security definer as $$ select status from app_public.patient_treatment_plans where id = tests.id(plan) $$;
create function pg_temp.log(session text, entry text, sets int default null, reps int default null, seconds int default null, at timestamptz default app_hidden.now(), place int default 1) returns app_public.patient_exercise_logs language sql as $$
  select app_public.log_exercise(tests.id(session), place, md5(entry)::uuid, at, sets, reps, seconds)
$$;
create function pg_temp.field(session text, before int, after int) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform app_public.complete_session(tests.id(session), before, after);
  return 'it was taken';
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb ->> 'field';
end $$;

-- What was done of an exercise.
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.log('ana''s hip 1', 'a', 3)$$, 'FORBIDDEN', 'only_the_patient', 'staff do not say what the patient did');
select tests.act_as('ana', 'atlas');
select * from tests.refuses($$select pg_temp.log('ana''s hip 1', 'a', reps => 10001)$$, 'VALIDATION', 'amount_out_of_range', 'not so many repetitions');
select * from tests.refuses($$select pg_temp.log('ana''s hip 1', 'a', seconds => 86401)$$, 'VALIDATION', 'amount_out_of_range', 'nor more seconds than a day has');
select * from tests.refuses($$select pg_temp.log('ana''s hip 1', 'a', sets => -1)$$, 'VALIDATION', 'amount_out_of_range', 'nor less than nothing');
select results_eq($$select entered_reps, entered_seconds from pg_temp.log('ana''s hip 1', 'a', 100, 10000, 86400)$$, $$values (10000, 86400)$$, 'as much as there may be');
select * from tests.refuses($$select pg_temp.log('ana''s hip 1', 'a', 3, place => 2)$$, 'CONFLICT', 'client_id_is_used', 'an entry stands at one place');
select * from tests.refuses($$select pg_temp.log('ana''s hip 2', 'a', 3)$$, 'CONFLICT', 'client_id_is_used', 'of one session');
select is((pg_temp.log('ana''s hip 2', 'b', 7)).entered_sets, 7, 'another entry is of the other one');
select is((pg_temp.log('ana''s hip 1', 'c', 6, place => 2)).entered_sets, 6, 'and another of its second exercise');
select results_eq($$select patient_session_id, entered_sets from pg_temp.log('ana''s hip 1', 'late', 1, at => '2027-03-01 10:00+02')$$, $$values (tests.id('ana''s hip 1'), 1)$$, 'what is sent later is of its session');
select tests.freeze_time('2027-03-01 10:10+02');
select results_eq($$select entered_seconds, actual_seconds from pg_temp.log('ana''s hip 1', 'newest', 9, seconds => 50)$$, 'values (50, 50)', 'what is said last was done');
select results_eq($$select patient_session_id, place, entered_sets from pg_temp.log('ana''s hip 1', 'old', 2, at => '2027-03-01 10:05+02')$$, $$values (tests.id('ana''s hip 1'), 1, 9)$$, 'one that is older than what stands is answered with what stands');
select tests.act_as('the database');
update app_public.patient_exercise_logs set actual_sets = null, actual_reps = null, actual_seconds = 44, actual_source = 'pose' where patient_session_id = tests.id('ana''s hip 1');
select tests.act_as('ana', 'atlas');
select results_eq($$select entered_seconds, actual_seconds, actual_source from pg_temp.log('ana''s hip 1', 'after', 3, seconds => 60)$$, $$values (60, 44, 'pose')$$, 'seconds that the camera counted stand, too');
select tests.act_as('ana', 'boreal');
select is((pg_temp.log('ana''s theirs 1', 'b', 4)).entered_sets, 4, 'at another clinic ids are others');

-- Pain.
select tests.act_as('ana', 'atlas');
select is(pg_temp.field('ana''s hip 1', 11, 2), 'painBefore', 'it is said which rating does not fit');
select is(pg_temp.field('ana''s hip 1', 0, 11), 'painAfter', 'or the other one');
select is(pg_temp.field('ana''s hip 1', 10, -1), 'painAfter', 'whichever it is');
select is(pg_temp.field('ana''s hip 1', -1, null), 'painBefore', 'also of one alone');
select results_eq($$select pain_before, pain_after from app_public.complete_session(tests.id('ana''s hip 1'), 10, 0)$$, $$values (10, 0)$$, 'from none to the worst');
select is(pg_temp.plan_of('ana''s hip'), 'active', 'one is left to do');
select is((app_public.complete_session(tests.id('ana''s hip 2'), 1, 1)).status, 'completed', 'the last');
select is(pg_temp.plan_of('ana''s hip'), 'completed', 'completes the plan');
select is(pg_temp.plan_of('ana''s knee'), 'active', 'and no other one');
select is(pg_temp.plan_of('bogdan''s over'), 'active', 'also where nothing is left to do: what was missed may still be sent');
select is((app_public.complete_session(tests.id('ana''s knee 1'), 1, 1)).status, 'completed', 'the only one that the plan asks for');
select is(pg_temp.plan_of('ana''s knee'), 'completed', 'completes it, whatever is open beyond it');

-- In the clinic.
select tests.act_as('adrian');
select is((app_public.complete_clinic_session(tests.id('bogdan''s long 1'), 'Came')).status, 'completed', 'in the clinic');
select is((app_public.complete_clinic_session(tests.id('ana''s clinic 1'), 'Came')).status, 'completed', 'as well');
select results_eq($$select pg_temp.plan_of('ana''s clinic'), pg_temp.plan_of('bogdan''s clinic'), pg_temp.plan_of('bogdan''s long'), pg_temp.plan_of('bogdan''s over')$$, $$values ('completed', 'active', 'active', 'active')$$, 'of the patient who came');
select tests.act_as('the database');
select is((select count(*) from app_private.events where name = 'treatment_plan.completed'), 3::bigint, 'each is told of once');

-- Called off while it was under way.
select tests.treatment_plan('off', 1, 0), tests.assigned('bogdan', 'off');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('bogdan''s off 1');
update app_public.patient_sessions set status = 'cancelled' where id = tests.id('bogdan''s off 1');
select tests.act_as('bogdan');
select * from tests.refuses($$select pg_temp.log('bogdan''s off 1', 'd', 3)$$, 'STATE', 'session_not_started', 'of what was called off nothing is logged');
select * from tests.refuses($$select app_public.complete_session(tests.id('bogdan''s off 1'), 11, 11)$$, 'STATE', 'illegal_move', 'and it is not completed, whatever is said of it');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.complete_session(tests.id('bogdan''s off 1'))$$, 'FORBIDDEN', 'only_the_patient', 'by nobody');
select * from finish();
rollback;
