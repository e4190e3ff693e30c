-- Test: lint - every table that names a patient says what a merge does with it, and it can be done. FND-34.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('merge_rules')$$,
  'every column that names a patient has a rule that can be carried out');

create temporary table before as select object, problem from tests.lint('merge_rules');
create table app_public.toys (id uuid primary key, profile_id uuid references app_public.patient_profiles);
create table app_public.games (id uuid primary key, patient_id uuid);
create table app_public.rides (
  organization_id uuid, id uuid primary key, appointment_id uuid, patient_profile_id uuid references app_public.patient_profiles, toy text,
  foreign key (organization_id, appointment_id) references app_public.appointments (organization_id, id));
select app_private.classify('app_public.rides', 'clinic', 'clinic', '{"public": ["organization_id", "id", "appointment_id", "patient_profile_id", "toy"]}');
select app_private.on_merge('app_public.rides', 'patient_profile_id', 'moves');
select app_private.on_merge('app_public.rides', 'toy', 'stays', 'It is about no patient.');
insert into app_private.merge_rules (table_name, column_name, rule, reason) values ('app_public.rides', 'lost', 'stays', 'It is not there.');
select set_eq(
  $$select object, problem from tests.lint('merge_rules') except select object, problem from before$$,
  $$values
    ('app_public.toys.profile_id', 'names a patient, and nothing says what a merge does with it: app_private.on_merge(…)'),
    ('app_public.games.patient_id', 'names a patient, and nothing says what a merge does with it: app_private.on_merge(…)'),
    ('app_public.rides.toy', 'has a rule and names no patient'),
    ('app_public.rides.lost', 'has a rule and names no patient'),
    ('app_public.rides.lost', 'has a rule and does not exist'),
    ('app_public.rides.patient_profile_id', 'goes with the patient, and app_engine may not select and update it'),
    ('app_public.rides.patient_profile_id', 'moves by itself, though its row belongs to one that names the patient: refer to both by one key with on update cascade, and say follows')$$,
  'a column without a rule is named, by its key or by its name, and a rule that nobody could carry out');
select * from finish();
rollback;
