-- Test: forms - what is signed, published or scored changes by no statement of no role. FRM-02, FRM-04, FND-08.
begin;
create temporary table attempts (name text, statement text, reason text);
insert into attempts values
  ('answers of a signed form', $$update app_public.forms set answers = '{"pain": 9}'$$, 'form_is_signed'),
  ('its snapshot', $$update app_public.forms set snapshot = '{}'$$, 'form_is_signed'),
  ('when it was complete', $$update app_public.forms set completed_at = now() - interval '1 year'$$, 'form_is_signed'),
  ('its time', $$update app_public.forms set signed_at = now() - interval '1 year'$$, 'form_is_signed'),
  ('its version', $$update app_public.forms set version_id = gen_random_uuid()$$, 'form_is_signed'),
  ('the form itself', $$delete from app_public.forms$$, 'never_changed'),
  ('all forms', $$truncate app_public.forms cascade$$, 'never_changed'),
  ('a form on conflict', $$insert into app_public.forms (id, organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot)
     select id, organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot from app_public.forms
     on conflict (id) do update set answers = '{}'$$, 'form_is_signed'),
  ('a form by merge', $$merge into app_public.forms as f using (select 1) as s on true when matched then update set answers = '{}'$$, 'form_is_signed'),
  ('a published version', $$update app_public.form_template_versions set content = '{}'$$, 'never_changed'),
  ('its deletion', $$delete from app_public.form_template_versions$$, 'never_changed'),
  ('all versions', $$truncate app_public.form_template_versions cascade$$, 'never_changed'),
  ('versions by the templates', $$truncate app_public.form_templates cascade$$, 'never_changed'),
  ('forms by the patients', $$truncate app_public.patients cascade$$, null),
  ('a version on conflict', $$insert into app_public.form_template_versions select * from app_public.form_template_versions on conflict (id) do update set number = 7$$, 'never_changed'),
  ('declared purposes', $$delete from app_public.form_template_version_purposes$$, 'never_changed'),
  ('versions of fields', $$update app_public.custom_field_versions set definition = '{}'$$, 'never_changed'),
  ('scores', $$update app_public.form_scores set value = 0$$, 'never_changed');
-- Rights and policies of the tables, taken out of the way: what is left is what holds.
select plan(2 + 2 * (select count(*)::int from attempts) + 9);
select tests.clinic('atlas');
select tests.patient('ana');
select tests.patient('ana again');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')), signature_mode => 'click_typed');
select tests.form('form', 'ana', 'intake');
update app_public.forms set answers = '{"pain": 4}', status = 'completed', completed_at = now(), completions = 1;
select throws_ok($$update app_public.forms set answers = '{"pain": 5}'$$, 'RX423', 'form_is_completed', 'a complete form is opened before it changes');
select throws_ok($$update app_public.forms set snapshot = '{}'$$, 'RX423', 'never_changed', 'what was asked never changes');
update app_public.forms set status = 'signed', signed_at = now();

select throws_ok(statement, 'RX423', reason, 'the superuser: ' || name) from attempts;

grant select, insert, update, delete, truncate on all tables in schema app_public to app_owner, app_engine;
create policy everything on app_public.forms for all to app_owner using (true) with check (true);
create policy everything on app_public.form_template_versions for all to app_owner using (true) with check (true);
create policy everything on app_public.form_scores for all to app_owner using (true) with check (true);
create policy everything on app_public.form_template_version_purposes for all to app_owner using (true) with check (true);
create policy everything on app_public.custom_field_versions for all to app_owner using (true) with check (true);
grant select on attempts to app_owner, app_engine;
select tests.act_as('the owner');
select throws_ok(statement, 'RX423', reason, 'the owner: ' || name) from attempts;

select throws_ok($$update app_public.forms set status = 'completed', signed_at = null$$, 'RX412', 'illegal_move', 'nor is it unsigned');

select tests.act_as('the engine');
select throws_ok($$update app_public.forms set answers = '{}'$$, 'RX423', 'form_is_signed', 'the engine, an answer');
select throws_ok($$delete from app_public.forms$$, 'RX423', 'never_changed', 'the engine, the form');
select throws_ok($$update app_public.form_template_versions set content = '{}'$$, 'RX423', 'never_changed', 'the engine, a version');
select lives_ok($$update app_public.forms set patient_id = tests.id('ana again at atlas'), patient_profile_id = tests.id('ana again')$$,
  'a merge of patients moves it to the other chart');
select lives_ok($$update app_public.forms set deleted_at = app_hidden.now()$$, 'and it goes with a patient who is removed');
select tests.act_as('the database');
select is((select answers from app_public.forms), '{"pain": 4}', 'with what was answered');
select lives_ok($$alter table app_public.forms enable row level security$$, 'nothing else was in the way');
select throws_ok($$insert into app_public.forms (organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot, status, completed_at, signed_at)
  select organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot, 'signed', now(), now() from app_public.forms$$,
  'RX412', 'illegal_move', 'no form begins as signed');
select * from finish();
rollback;
