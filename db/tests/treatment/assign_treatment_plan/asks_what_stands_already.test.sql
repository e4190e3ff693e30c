-- Test: assign_treatment_plan - a form of the clinic that is published, an end that is late enough, once at a time at each clinic; its first session waits as long as the version says, and its videos are made. EXE-01, EXE-03, EXL-03, FND-26.
begin;
select plan(20);
select tests.freeze_time('2027-03-01 10:00+02'); -- a Monday
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.staff('beata', 'admin'), tests.patient('ana'), tests.form_template('theirs', jsonb_build_array(tests.form_item('felt', 'text')));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist'), tests.patient('ana');
update app_public.organizations set telerehab_access_is_free = true;
select tests.form_template('diary', jsonb_build_array(tests.form_item('felt', 'text'))), tests.form_template('withdrawn', jsonb_build_array(tests.form_item('felt', 'text')));
update app_public.form_templates set published = false where id = tests.id('withdrawn');
select tests.treatment_plan('everyone', 3, 0, by_platform => true), tests.treatment_plan('knee', 3, 0), tests.treatment_plan('hip', 1, 0);
create function pg_temp.assign(version text, clinic text default 'atlas', form text default null, ends_on date default null) returns app_public.patient_treatment_plans language sql as $$
  select app_public.assign_treatment_plan(tests.id('ana at ' || clinic), tests.id(version), '2027-03-01', ends_on => ends_on, form_template_id => case when form is not null then tests.id(form) end)
$$;
create function pg_temp.ended(plan uuid) returns text language sql as $$ select (app_public.set_treatment_status(plan, 'cancelled', 'Had surgery')).status $$;

select tests.act_as('adrian');
select * from tests.refuses($$select pg_temp.assign('knee', form => 'theirs')$$, 'NOT_FOUND', 'form_template_not_found', 'a form of another clinic is not asked');
select * from tests.refuses($$select pg_temp.assign('knee', form => 'withdrawn')$$, 'NOT_FOUND', 'form_template_not_found', 'nor one that is not published');
select * from tests.refuses($$select pg_temp.assign('knee', ends_on => '2027-03-04')$$, 'VALIDATION', 'ends_before_the_last_session', 'it does not end before its last session');
select results_eq($$select id is not null, ends_on, form_template_id from pg_temp.assign('knee', form => 'diary', ends_on => '2027-03-05')$$, $$values (true, date '2027-03-05', tests.id('diary'))$$, 'but may with it, and asks a form of the clinic');
select is((select count(*) from app_public.exercise_renders where exercise_id = tests.id('squat') and recipe ->> 'reps' = '10'), 1::bigint, 'the videos of what it asks for are being made');
select tests.remember('everyone''s', (pg_temp.assign('everyone')).id);
select * from tests.refuses($$select pg_temp.assign('everyone')$$, 'CONFLICT', 'treatment_plan_already_assigned', 'once at a time');
select tests.act_as('beata');
select is((pg_temp.assign('everyone', 'boreal')).status, 'active', 'at another clinic it is another one');
select tests.act_as('adrian');
select is((app_public.set_treatment_status(tests.id('everyone''s'), 'paused', 'Travels')).status, 'paused', 'paused');
select * from tests.refuses($$select pg_temp.assign('everyone')$$, 'CONFLICT', 'treatment_plan_already_assigned', 'in a pause it stands');
select is(pg_temp.ended(tests.id('everyone''s')), 'cancelled', 'once it has ended');
select is((pg_temp.assign('everyone')).status, 'active', 'it is assigned again');

-- A repeated request is answered alike, to whoever still may.
select tests.act_as('stefan');
select set_config('app.idempotency_key', 'hip', true);
select tests.remember('first', (pg_temp.assign('hip')).id);
select is((pg_temp.assign('hip')).id, tests.id('first'), 'a repeated request is answered with the same');
select tests.act_as('the database');
delete from app_public.membership_roles where membership_id = tests.membership_id('stefan');
select tests.act_as('stefan');
select set_config('app.idempotency_key', 'hip', true);
select throws_ok($$select pg_temp.assign('hip')$$, 'RX403', 'permission_missing', 'but to nobody who has lost the right meanwhile');
select set_config('app.idempotency_key', '', true);

-- The first session waits as long as the version says.
select tests.act_as('the database');
insert into app_public.treatment_plans (organization_id, scope, name) values (tests.id('atlas'), 'organization', 'Later') returning tests.remember('later itself', id);
insert into app_public.treatment_plan_versions (organization_id, treatment_plan_id, number) values (tests.id('atlas'), tests.id('later itself'), 1) returning tests.remember('later', id);
insert into app_public.treatment_plan_sessions (organization_id, version_id, position, titles, place, after_days)
select tests.id('atlas'), tests.id('later'), n, '{"ro": "Ședința"}', 'clinic', 3 from generate_series(1, 2) n;
update app_public.treatment_plan_versions v set status = 'submitted', submitted_at = app_hidden.now(), sessions_snapshot = app_private.treatment_snapshot(v),
  content_hash = sha256(convert_to(app_private.treatment_snapshot(v)::text, 'UTF8')) where v.id = tests.id('later');
update app_public.treatment_plan_versions v set status = 'approved', approved_at = app_hidden.now() where v.id = tests.id('later');
select tests.act_as('adrian');
select tests.remember('ana''s later', (pg_temp.assign('later')).id);
select results_eq($$select due_on from app_public.patient_sessions where patient_treatment_plan_id = tests.id('ana''s later') order by position$$, array[date '2027-03-04', '2027-03-07'], 'three days after its start, then three days more');
select is((select ends_on from app_public.patient_treatment_plans where id = tests.id('ana''s later')), '2027-03-07', 'and it ends with the last');
select * from finish();
rollback;
