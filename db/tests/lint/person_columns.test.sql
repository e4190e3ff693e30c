-- Test: lint - the person a table is about can be followed to. FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('person_columns')$$,
  'the person a table is about can be followed to');

create temporary table before as select object from tests.lint('person_columns');
create table app_public.toys (
  id uuid primary key,
  organization_id uuid not null,
  patient_profile_id uuid not null,
  foreign key (organization_id, patient_profile_id) references app_public.patients (organization_id, patient_profile_id)
);
create table app_public.games (id uuid, toy_id uuid references app_public.toys, human_id uuid references app_public.humans);
create table app_public.songs (id uuid, human_id uuid references app_public.humans, toy_id uuid references app_public.toys);
select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"operational": ["id", "organization_id"], "phi": ["patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.classify('app_public.games', 'clinic', 'clinic', '{"operational": ["id", "toy_id", "human_id"]}', person_column => 'human_id');
select app_private.classify('app_public.songs', 'clinic', 'clinic', '{"operational": ["id", "toy_id"], "pii_basic": ["human_id"]}', person_column => 'toy_id');
select app_private.classify('app_public.memberships', 'clinic', 'clinic',
  '{"operational": ["id", "organization_id", "human_id", "created_at", "updated_at", "ended_at"]}');
select set_eq(
  $$select object from tests.lint('person_columns') except select object from before$$,
  array[
    'app_public.games.human_id',
    'app_public.songs.toy_id',
    'app_public.memberships'
  ],
  'an operational person, a toy that is none, and a table that names nobody are named');
select * from finish();
rollback;
