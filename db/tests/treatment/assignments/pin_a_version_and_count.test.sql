-- Test: assignments - only an approved version, of a plan that may be the patient's; counted, pinned and scheduled. EXE-01, EXE-03, TPL-02.
begin;
select plan(72);
select tests.freeze_time('2027-03-25 10:00+02'); -- a Thursday; summer time begins on Sunday
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.staff('beata', 'admin'), tests.treatment_plan('theirs');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist'), tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('carol');
select tests.plan('two', 10, assignments => 2), tests.has_plan('ana', 'two'), tests.plan('open', null, 90, telerehab => true), tests.has_plan('bogdan', 'open');
select tests.treatment_plan('knee', 3, 1), tests.treatment_plan('hip', 1, 0), tests.treatment_plan('back', 1, 0), tests.treatment_plan('waiting', status => 'submitted'), tests.treatment_plan('old', status => 'retired');
select tests.treatment_plan('unwritten', status => 'draft'), tests.treatment_plan('for bogdan', patient => 'bogdan'), tests.treatment_plan('everyone', by_platform => true);
create function pg_temp.assign(patient text, version text, starts_on date default '2027-03-26', weekdays int[] default '{1,2,3,4,5,6,7}', ends_on date default null)
returns app_public.patient_treatment_plans language sql as $$
  select app_public.assign_treatment_plan(tests.id(patient || ' at atlas'), tests.id(version), starts_on, weekdays, ends_on)
$$;
create function pg_temp.left_of(patient text) returns int language sql security definer as $$
  select app_public.patient_entitlements_balance(e) from app_public.patient_entitlements e
  join app_public.patient_service_plans p on p.id = e.patient_service_plan_id
  where p.patient_profile_id = tests.id(patient) and e.kind = 'treatment_plan_assignments'
$$;

select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee')$$, 'FORBIDDEN', 'permission_missing', 'front desk assigns nothing');
select tests.act_as('beata');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee')$$, 'NOT_FOUND', 'not_found', 'nor another clinic');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee')$$, 'NOT_FOUND', 'not_found', 'nor the patient');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.assign_treatment_plan(uuidv7(), uuidv7(), '2027-03-26')$$, '42501', null, 'nor a visitor');
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.assign('ana', 'unwritten')$$, 'STATE', 'version_not_approved', 'no draft');
select * from tests.refuses($$select pg_temp.assign('ana', 'waiting')$$, 'STATE', 'version_not_approved', 'nothing that waits');
select * from tests.refuses($$select pg_temp.assign('ana', 'old')$$, 'STATE', 'version_not_approved', 'nothing that was retired');
select * from tests.refuses($$select pg_temp.assign('ana', 'theirs')$$, 'NOT_FOUND', 'treatment_plan_not_found', 'nothing of another clinic');
select * from tests.refuses($$select pg_temp.assign('ana', 'for bogdan')$$, 'NOT_FOUND', 'treatment_plan_not_found', 'nothing that was written for somebody else');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee', '2027-03-24')$$, 'VALIDATION', 'already_past', 'not from yesterday');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee', null)$$, 'VALIDATION', 'already_past', 'not from no day');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee', weekdays => '{}')$$, 'VALIDATION', 'weekdays_not_valid', 'not on no day of the week');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee', weekdays => '{8}')$$, 'VALIDATION', 'weekdays_not_valid', 'or the eighth');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee', ends_on => '2027-03-31')$$, 'VALIDATION', 'ends_before_the_last_session', 'not with an end before its last session');
select * from tests.refuses($$select app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id('knee'), '2027-03-26', form_template_id => uuidv7())$$, 'NOT_FOUND', 'form_template_not_found', 'not with a form that there is not');
select is(pg_temp.left_of('ana'), 2, 'and nothing was counted');

-- Counted, pinned, scheduled by the clinic's calendar.
select tests.remember('enrolled', (pg_temp.assign('ana', 'knee', weekdays => '{5,1,1}')).id);
select is(pg_temp.left_of('ana'), 1, 'one is counted');
select results_eq($$select version_id, status, starts_on, ends_on, weekdays, patient_service_plan_id, assigned_by from app_public.patient_treatment_plans where id = tests.id('enrolled')$$,
  $$values (tests.id('knee'), 'active', date '2027-03-26', date '2027-04-05', '{1,5}'::int[], tests.id('ana''s two'), tests.id('stefan'))$$, 'it has the version of the day');
select results_eq($$select position, due_on, place, status, is_extra from app_public.patient_sessions order by position$$,
  $$values (1, date '2027-03-26', 'home', 'due', false), (2, date '2027-03-29', 'home', 'due', false), (3, date '2027-04-02', 'home', 'due', false), (4, date '2027-04-05', 'clinic', 'due', false)$$,
  'two days after one another, on Mondays and Fridays, across the change of the clock');
select tests.act_as('the database');
select is(app_private.due_dates('2027-10-30', '{1,2,3,4,5,6,7}', '{0,1,1,0}'), '{2027-10-30,2027-10-31,2027-11-01,2027-11-01}', 'each day once when the clock goes back; twice where nothing lies between');
select results_eq($$select name, payload ->> 'patientProfileId' from app_private.events where subject_id = tests.id('enrolled')$$, $$values ('treatment_plan.assigned', tests.id('ana')::text)$$, 'which is told');
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.assign('ana', 'knee')$$, 'CONFLICT', 'treatment_plan_already_assigned', 'once at a time');
select tests.remember('hipped', (pg_temp.assign('ana', 'hip')).id);
select * from tests.refuses($$select pg_temp.assign('ana', 'back')$$, 'ENTITLEMENT_EXHAUSTED', 'nothing_left', 'two were sold');
select * from tests.refuses($$select pg_temp.assign('carol', 'knee')$$, 'ENTITLEMENT_EXHAUSTED', 'not_in_a_plan', 'to somebody who has none');
select is((pg_temp.assign('bogdan', 'for bogdan')).patient_service_plan_id, null, 'a plan that opens sessions from home does not count them');
select is((pg_temp.assign('bogdan', 'everyone')).plan_scope_id, '00000000-0000-0000-0000-000000000000'::uuid, 'the platform''s are for everybody');
select tests.act_as('adrian');
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
select is((pg_temp.assign('carol', 'knee')).status, 'active', 'where they are free nothing is counted');
select * from tests.refuses($$select pg_temp.assign('ana', 'back')$$, 'ENTITLEMENT_EXHAUSTED', 'nothing_left', 'but what was sold by number stays so');

-- What is done to the plan does not reach whoever has it.
select tests.act_as('the database');
select tests.treatment_version('knee 2', 'knee', 4, 1);
select tests.act_as('stefan');
select is((select version_id from app_public.patient_treatment_plans where id = tests.id('enrolled')), tests.id('knee'), 'pinned');
select tests.act_as('ana');
select results_eq($$select app_public.patient_sessions_exercises(s) -> 0 -> 'prescription' ->> 'reps', app_public.patient_sessions_exercises(s) -> 0 -> 'contraindications' -> 0 -> 'text' ->> 'en', app_public.patient_sessions_title(s) ->> 'en'
  from app_public.patient_sessions s where s.position = 1 and s.patient_treatment_plan_id = tests.id('enrolled')$$, $$values ('10', 'A recent fracture.', 'Session 1')$$, 'the patient sees exactly what was prescribed, and whom it may harm (REQ-TP-001, REQ-EX-001)');
select is((select count(*) from app_public.treatment_plan_versions), 2::bigint, 'and no version that is not theirs');
select is((select count(*) from app_public.patient_treatment_plans where patient_profile_id <> tests.id('ana')), 0::bigint, 'nor anybody else''s plan');

-- Moved to another version, because somebody says so.
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.migrate_treatment_plan(tests.id('enrolled'), tests.id('knee 2'), '')$$, 'VALIDATION', 'reason_missing', 'not without a reason');
select * from tests.refuses($$select app_public.migrate_treatment_plan(tests.id('enrolled'), tests.id('hip'), 'Gets on well')$$, 'NOT_FOUND', 'treatment_plan_not_found', 'not to another plan');
select tests.act_as('the database');
update app_public.patient_sessions set status = 'missed' where patient_treatment_plan_id = tests.id('enrolled') and position = 1;
select tests.act_as('stefan');
select is((app_public.migrate_treatment_plan(tests.id('enrolled'), tests.id('knee 2'), ' Gets on well ')).version_id, tests.id('knee 2'), 'moved');
select results_eq($$select from_version_id, to_version_id, reason, moved_by from app_public.treatment_plan_moves$$, $$values (tests.id('knee'), tests.id('knee 2'), 'Gets on well', tests.id('stefan'))$$, 'which is kept');
select results_eq($$select position, due_on, status, version_id = tests.id('knee 2') from app_public.patient_sessions where patient_treatment_plan_id = tests.id('enrolled') and status <> 'cancelled' order by position$$,
  $$values (1, date '2027-03-26', 'missed', false), (2, date '2027-03-29', 'due', true), (3, date '2027-04-02', 'due', true), (4, date '2027-04-05', 'due', true), (5, date '2027-04-09', 'due', true)$$, 'what was stays, what is left is the new version''s');
select is((select ends_on from app_public.patient_treatment_plans where id = tests.id('enrolled')), '2027-04-09', 'until its last session');

-- The videos of what is prescribed are on their way, once for both versions.
select tests.act_as('the database');
select results_eq($$select recipe, language, status from app_public.exercise_renders where exercise_id = tests.id('squat') and recipe ->> 'sets' = '3'$$,
  $$values ('{"sets": 3, "reps": 10, "seconds": null, "restSeconds": 30, "tempo": null, "side": "both"}'::jsonb, 'ro', 'queued')$$, 'a video of the prescription is asked for');
select is((select count(*) from graphile_worker.jobs where task_identifier = 'render_exercise' and key = 'render_exercise:' || (select id from app_public.exercise_renders where exercise_id = tests.id('squat') and recipe ->> 'sets' = '3')), 1::bigint, 'by one job');

-- The library is told that plans go on with an exercise.
select tests.act_as('root');
select * from tests.refuses($$select app_public.archive_exercise(tests.id('squat'))$$, 'CONFLICT', 'exercise_in_use', 'an exercise of a plan that goes on is not archived unawares');
select tests.act_as('stefan');

-- Paused, taken up, ended.
select tests.freeze_time('2027-03-28 12:00+03');
select is((app_public.set_treatment_status(tests.id('enrolled'), 'paused', 'Travels')).paused_on, '2027-03-28', 'paused');
select tests.freeze_time('2027-04-07 12:00+03');
select is((app_public.set_treatment_status(tests.id('enrolled'), 'active', 'Is back')).ends_on, '2027-04-23', 'taken up ten days later');
select results_eq($$select due_on from app_public.patient_sessions where patient_treatment_plan_id = tests.id('enrolled') and status = 'due' order by position$$,
  array[date '2027-04-09', '2027-04-16', '2027-04-19', '2027-04-23'], 'what is left moves on');
select * from tests.refuses($$select app_public.set_treatment_status(tests.id('enrolled'), 'expired', 'Enough')$$, 'FORBIDDEN', 'move_not_allowed', 'what time does nobody does');
select is((app_public.set_treatment_status(tests.id('hipped'), 'cancelled', 'Assigned by mistake')).status, 'cancelled', 'ended before anything of it was done');
select is(pg_temp.left_of('ana'), 1, 'it gives its assignment back');
select is((app_public.set_treatment_status(tests.id('enrolled'), 'cancelled', 'Had surgery')).status, 'cancelled', 'ended after something was missed');
select is(pg_temp.left_of('ana'), 1, 'it does not');
select * from finish();
rollback;
