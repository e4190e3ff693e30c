-- Test: put_off_sessions - after a pause what is left of the plan is due from that day on, as far apart as before; what was, what is booked, what is beyond the plan,
-- and other plans stay as they are. EXE-01, EXE-03.
begin;
select plan(16);
select tests.freeze_time('2027-03-01 10:00+02'); -- a Monday
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}');
select tests.calendar('massages', '{stefan}');
select tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 3, 1), tests.treatment_version('knee 2', 'knee', 3, 2), tests.treatment_plan('hip', 3, 0);
select tests.assigned('ana', 'knee'), tests.assigned('ana', 'hip'), tests.assigned('bogdan', 'knee');
update app_public.patient_treatment_plans set allows_extra_sessions = true, ends_on = '2027-03-09' where id = tests.id('ana''s knee');
create function pg_temp.extra(enrolment text, place int) returns date
language plpgsql security definer as $$ begin return (app_private.add_extra_session(tests.id(enrolment), place)).due_on; end $$;
create function pg_temp.days(enrolment text default 'ana''s knee', statuses text[] default '{due}') returns text language sql security definer as $$
  select string_agg(s.position || case when s.is_extra then '+' else '' end || ' ' || to_char(s.due_on, 'MM-DD'), ', ' order by s.position, s.is_extra, s.due_on)
  from app_public.patient_sessions s where s.patient_treatment_plan_id = tests.id(enrolment) and s.status = any (statuses)
$$;

-- Of the version before nothing is asked any more; a visit is booked, and one session beyond the plan is open.
select tests.act_as('adrian');
select app_public.migrate_treatment_plan(tests.id('ana''s knee'), tests.id('knee 2'), 'Gets on well');
select tests.appointment('visit', 'ana', 'massages', 'stefan', '2027-03-08 11:00+02');
select app_public.link_session((select id from app_public.patient_sessions where patient_treatment_plan_id = tests.id('ana''s knee') and position = 4 and status = 'due'), tests.id('visit'));
select tests.act_as('ana');
select is(pg_temp.extra('ana''s knee', 2), '2027-03-01', 'one session beyond the plan is begun and left open');
select is(pg_temp.days(), '1 03-01, 2 03-03, 2+ 03-01, 3 03-05, 4 03-07, 5 03-09', 'what is left before the pause');
select tests.act_as('adrian');
select is((app_public.set_treatment_status(tests.id('ana''s knee'), 'paused', 'Travels')).paused_on, '2027-03-01', 'paused on the day of the first session');
select tests.freeze_time('2027-03-11 10:00+02');
select is((app_public.set_treatment_status(tests.id('ana''s knee'), 'active', 'Is back')).status, 'active', 'and taken up ten days later');
select is(pg_temp.days(), '1 03-11, 2 03-13, 2+ 03-01, 3 03-15, 4 03-07, 5 03-19', 'what is left begins that day, as far apart as before; what is booked and what is beyond the plan stay');
select is(pg_temp.days(statuses => '{cancelled}'), '1 03-01, 2 03-03, 3 03-05, 4 03-07', 'what was of the version before stays as it was');
select is(pg_temp.days('ana''s hip'), '1 03-01, 2 03-03, 3 03-05', 'another plan of hers goes on by its own days');
select is(pg_temp.days('bogdan''s knee'), '1 03-01, 2 03-03, 3 03-05, 4 03-07', 'and so does everybody else''s');
select is((select ends_on from app_public.patient_treatment_plans where id = tests.id('ana''s knee')), '2027-03-19', 'the plan ends ten days later as well');

-- What is due later anyway is not brought forward.
select tests.treatment_plan('later', 2, 0), tests.assigned('bogdan', 'later', '2027-03-20');
select is((app_public.set_treatment_status(tests.id('bogdan''s later'), 'paused', 'Travels')).status, 'paused', 'a plan that has not begun');
select is((app_public.set_treatment_status(tests.id('bogdan''s later'), 'active', 'Is back')).status, 'active', 'taken up before its first day');
select is(pg_temp.days('bogdan''s later'), '1 03-20, 2 03-22', 'begins on that day');

-- On the days of the week that the patient has for it.
select tests.treatment_plan('weekly', 3, 0), tests.assigned('bogdan', 'weekly', '2027-03-12', '{5,6,7}');
select app_public.set_treatment_status(tests.id('bogdan''s weekly'), 'paused', 'Travels');
select tests.freeze_time('2027-03-16 10:00+02'); -- a Tuesday
select app_public.set_treatment_status(tests.id('bogdan''s weekly'), 'active', 'Is back');
select is(pg_temp.days('bogdan''s weekly'), '1 03-19, 2 03-21, 3 03-26', 'on the days of the week that the plan has');
select tests.act_as('the database');
update app_public.patient_sessions set status = 'missed' where patient_treatment_plan_id = tests.id('bogdan''s weekly');
select tests.act_as('adrian');
select app_public.set_treatment_status(tests.id('bogdan''s weekly'), 'paused', 'Travels again');
select is((app_public.set_treatment_status(tests.id('bogdan''s weekly'), 'active', 'Is back')).status, 'completed', 'with nothing left to do it is complete');

-- What is beyond the plan is not what it begins with.
select tests.act_as('the database');
select tests.treatment_plan('back', 3, 0), tests.assigned('bogdan', 'back');
update app_public.patient_treatment_plans set allows_extra_sessions = true where id = tests.id('bogdan''s back');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('bogdan''s back 1');
update app_public.patient_sessions set status = 'completed', completed_at = app_hidden.now() where id = tests.id('bogdan''s back 1');
select tests.act_as('bogdan');
select is(pg_temp.extra('bogdan''s back', 1), '2027-03-16', 'the first session is done, and begun once more');
select tests.act_as('adrian');
select app_public.set_treatment_status(tests.id('bogdan''s back'), 'paused', 'Travels');
select tests.freeze_time('2027-03-26 10:00+02');
select app_public.set_treatment_status(tests.id('bogdan''s back'), 'active', 'Is back');
select is(pg_temp.days('bogdan''s back'), '1+ 03-16, 2 03-26, 3 03-28', 'the next one that the plan asks for is due on the day that it is taken up');
select * from finish();
rollback;
