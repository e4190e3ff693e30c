-- Test: migrate_treatment_plan - the plan that is named goes to another version: what is booked for it, its end, its videos; no other plan is touched. EXE-01, EXE-04, EXL-03.
begin;
select plan(22);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.patient('ana');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}');
select tests.calendar('massages', '{stefan}');
select tests.patient('bogdan'), tests.patient('ana');
select tests.treatment_plan('hers', 2, 0, patient => 'ana'), tests.treatment_version('hers 2', 'hers', 2, 0), tests.assigned('ana', 'hers');
select tests.treatment_plan('knee', 1, 2), tests.treatment_version('knee 2', 'knee', 2, 2), tests.treatment_plan('hip', 5, 1);
select tests.assigned('bogdan', 'knee'), tests.assigned('ana', 'hip'), tests.assigned('ana', 'knee');
update app_public.patient_treatment_plans set ends_on = '2027-03-05', allows_extra_sessions = true where id = tests.id('ana''s knee');
select tests.treatment_plan('other', 1, 0, status => 'draft');
insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
select organization_id, version_id, session_position, 2, exercise_id, prescription || '{"reps": 15}' from app_public.treatment_plan_exercises where version_id = tests.id('other');
create function pg_temp.sessions(enrolment text, statuses text[] default '{due}') returns text language sql security definer as $$
  select string_agg(concat_ws(' ', s.position, s.place, n.name), ', ' order by s.position)
  from app_public.patient_sessions s left join tests.names n on n.id = s.appointment_id
  where s.patient_treatment_plan_id = tests.id(enrolment) and s.status = any (statuses)
$$;
select tests.appointment('monday', 'ana', 'massages', 'stefan', '2027-03-08 11:00+02'), tests.appointment('tuesday', 'ana', 'massages', 'stefan', '2027-03-09 11:00+02'),
  tests.appointment('bogdan''s', 'bogdan', 'massages', 'stefan', '2027-03-09 13:00+02');

select tests.act_as('adrian');
select app_public.link_session(tests.id('ana''s knee 2'), tests.id('monday')), app_public.link_session(tests.id('ana''s knee 3'), tests.id('tuesday'));
select app_public.link_session(tests.id('bogdan''s knee 3'), tests.id('bogdan''s'));
select is((app_public.migrate_treatment_plan(tests.id('ana''s knee'), tests.id('knee 2'), 'Gets on well')).ends_on, '2027-03-07', 'it ends with its own last session');
select is(pg_temp.sessions('ana''s knee'), '1 home, 2 home, 3 clinic monday, 4 clinic tuesday', 'what was booked is for its next sessions in the clinic, in order');
select is(pg_temp.sessions('ana''s knee', '{cancelled}'), '1 home, 2 clinic, 3 clinic', 'those of the version before are not asked for any more');
select is(pg_temp.sessions('ana''s hip'), '1 home, 2 home, 3 home, 4 home, 5 home, 6 clinic', 'another plan of hers goes on');
select is(pg_temp.sessions('bogdan''s knee'), '1 home, 2 clinic, 3 clinic bogdan''s', 'and so does everybody else''s, with what is booked for it');

-- Videos of what the version asks for, and of nothing else.
select tests.act_as('the database');
select results_eq($$select recipe ->> 'reps', count(*) from app_public.exercise_renders where exercise_id = tests.id('squat') and recipe ->> 'sets' is not null group by 1$$, $$values ('10', 1::bigint)$$, 'the video of what is prescribed is asked for, none of another plan');

-- What was done beyond the plan neither moves it on nor makes it longer.
create function pg_temp.extra(enrolment text, place int) returns uuid
language plpgsql security definer as $$ begin return (app_private.add_extra_session(tests.id(enrolment), place)).id; end $$;
select tests.treatment_version('knee 3', 'knee', 1, 0), tests.treatment_version('knee 4', 'knee', 2, 0);
select tests.freeze_time('2027-03-20 10:00+02');
select tests.act_as('ana');
select tests.remember('extra', pg_temp.extra('ana''s knee', 2));
select tests.act_as('the database');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('extra');
update app_public.patient_sessions set status = 'completed', completed_at = app_hidden.now() where id = tests.id('extra');
update app_public.patient_sessions set status = 'missed' where patient_treatment_plan_id = tests.id('ana''s knee') and position = 1 and status = 'due';
select tests.act_as('adrian');
select is((app_public.set_treatment_status(tests.id('ana''s knee'), 'paused', 'Travels')).status, 'paused', 'paused');
select is((app_public.set_treatment_status(tests.id('ana''s knee'), 'active', 'Does not travel')).ends_on, '2027-03-07', 'taken up the same day it ends as before, whatever was done beyond it');
select results_eq($$select status, ends_on from app_public.migrate_treatment_plan(tests.id('ana''s knee'), tests.id('knee 4'), 'A shorter one')$$, $$values ('completed', date '2027-03-07')$$, 'a version of which nothing is left completes it');
select is(pg_temp.sessions('ana''s knee', '{due,started}'), null, 'and nothing is asked for');

-- What was written for her alone.
select is((app_public.migrate_treatment_plan(tests.id('ana''s hers'), tests.id('hers 2'), 'Gets on well')).version_id, tests.id('hers 2'), 'a plan that was written for her goes to its next version');

-- What goes on under way.
select tests.act_as('the database');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('bogdan''s knee 1');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.migrate_treatment_plan(tests.id('bogdan''s knee'), tests.id('knee 4'), 'Gets on well')$$, 'STATE', 'session_under_way', 'while a session is under way its plan is not moved');
select tests.treatment_version('hip 2', 'hip', 6, 1);
select tests.act_as('the database');
update app_public.patient_treatment_plans set allows_extra_sessions = true where id = tests.id('ana''s hip');
select tests.act_as('ana');
select tests.remember('extra of the hip', pg_temp.extra('ana''s hip', 4));
select tests.act_as('the database');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('extra of the hip');
update app_public.patient_sessions set status = 'completed', completed_at = app_hidden.now() where id = tests.id('extra of the hip');
select tests.act_as('adrian');
select is((app_public.migrate_treatment_plan(tests.id('ana''s hip'), tests.id('hip 2'), 'Gets on well')).version_id, tests.id('hip 2'), 'another one is');
select is(pg_temp.sessions('ana''s hip'), '1 home, 2 home, 3 home, 4 home, 5 home, 6 home, 7 clinic', 'from the next session of the plan on, whatever was done beyond it');
select is((app_public.migrate_treatment_plan(tests.id('ana''s hip'), tests.id('hip 2'), 'Once more')).version_id, tests.id('hip 2'), 'moved to the version that it has');
select is((select count(*) from app_public.treatment_plan_moves where patient_treatment_plan_id = tests.id('ana''s hip')), 1::bigint, 'it is moved once');
select is((app_public.set_treatment_status(tests.id('ana''s hip'), 'paused', 'Travels')).status, 'paused', 'in a pause');
select * from tests.refuses($$select app_public.migrate_treatment_plan(tests.id('ana''s hip'), tests.id('hip'), 'Gets on badly')$$, 'STATE', 'treatment_plan_not_active', 'it is not moved');

-- A visit that nobody came to stays with the session that it used up.
select tests.act_as('the database');
select tests.treatment_plan('neck', 0, 3), tests.treatment_version('neck 2', 'neck', 0, 3), tests.assigned('bogdan', 'neck');
select tests.appointment('came not', 'bogdan', 'massages', 'stefan', '2027-03-15 11:00+02');
update app_public.patient_sessions set appointment_id = tests.id('came not'), status = 'missed' where id = tests.id('bogdan''s neck 1');
select tests.act_as('adrian');
select is((app_public.migrate_treatment_plan(tests.id('bogdan''s neck'), tests.id('neck 2'), 'Gets on well')).version_id, tests.id('neck 2'), 'moved after a visit was lost');
select is(pg_temp.sessions('bogdan''s neck', '{missed,due}'), '1 clinic came not, 2 clinic, 3 clinic', 'that stays where it was');
select * from finish();
rollback;
