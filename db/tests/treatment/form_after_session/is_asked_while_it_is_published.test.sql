-- Test: form_after_session - after a session at home the form of its own plan is asked, in the language of the patient, as long as the clinic has it published. EXE-02.
begin;
select plan(6);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.patient('ana');
select tests.form_template('knee_diary', jsonb_build_array(tests.form_item('felt', 'text'))), tests.form_template('hip_diary', jsonb_build_array(tests.form_item('felt', 'text')));
select tests.treatment_plan('knee', 2, 0), tests.treatment_plan('hip', 1, 0), tests.treatment_plan('back', 1, 0);
select tests.assigned('ana', 'knee'), tests.assigned('ana', 'hip'), tests.assigned('ana', 'back');
update app_public.patient_treatment_plans set form_template_id = tests.id('knee_diary') where id = tests.id('ana''s knee');
update app_public.patient_treatment_plans set form_template_id = tests.id('hip_diary') where id = tests.id('ana''s hip');
update app_public.patient_profiles set locale = 'en' where id = tests.id('ana');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now();
create function pg_temp.asked(session text) returns text language plpgsql security definer as $$
begin
  perform app_public.complete_session(tests.id(session));
  return (select t.key || ' ' || f.locale from app_public.patient_sessions s join app_public.forms f on f.id = s.form_id
    join app_public.form_templates t on t.id = f.template_id where s.id = tests.id(session));
end $$;

select tests.act_as('ana');
select is(pg_temp.asked('ana''s knee 1'), 'knee_diary en', 'the form of the plan, in her language');
select is(pg_temp.asked('ana''s hip 1'), 'hip_diary en', 'each plan has its own');
select is(pg_temp.asked('ana''s back 1'), null, 'a plan without one asks none');
select is((select count(*) from app_public.forms), 2::bigint, 'so two are asked');
select tests.act_as('the database');
update app_public.form_templates set published = false where id = tests.id('knee_diary');
select tests.act_as('ana');
select is(pg_temp.asked('ana''s knee 2'), null, 'what the clinic took back is not asked');
select is((select status from app_public.patient_sessions where id = tests.id('ana''s knee 2')), 'completed', 'and the session is done all the same');
select * from finish();
rollback;
