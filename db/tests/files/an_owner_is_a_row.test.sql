-- Test: file_owner_kinds - a new owner of files is a column with its key, a function and a row, and nothing else. FND-13, FND-05, FND-06.
begin;
select plan(12);
select tests.clinic('boreal');
select tests.staff('bea', 'owner');
select tests.clinic('atlas');
select tests.staff('raluca', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ioana');
select tests.patient('vlad');

-- Exercises of a patient, of which a clinic has many; staff and the patient see them.
create table app_public.workouts (
  id uuid primary key default uuidv7(), organization_id uuid not null, patient_profile_id uuid not null, deleted_at timestamptz,
  unique (organization_id, id));
alter table app_public.workouts enable row level security;
alter table app_public.workouts force row level security;
grant select on app_public.workouts to app_member, app_engine;
create policy workouts_select on app_public.workouts for select to app_member using (
  deleted_at is null and (organization_id = any (app_hidden.current_staff_organization_ids())
  or patient_profile_id = any (app_hidden.current_human_patient_profile_ids())));
create policy workouts_engine on app_public.workouts for select to app_engine using (true);
insert into app_public.workouts (organization_id, patient_profile_id) values (tests.id('atlas'), tests.id('ioana'));
select tests.remember('squats', id) from app_public.workouts;
alter table app_public.files add column exercise_id uuid,
  add foreign key (organization_id, exercise_id) references app_public.workouts (organization_id, id);

prepare kind as insert into app_private.file_owner_kinds (key, column_name, patient_column, owner_function)
values ('exercise', $1, 'patient_profile_id', 'file_owner_exercise');
set local role app_owner;
select throws_ok($$execute kind('exercise_id')$$, '23514', null, 'a row without its function is refused');
create function app_private.file_owner_exercise(id uuid) returns app_private.owner_of_file language sql stable
  return (select row(e.organization_id, e.patient_profile_id = any (app_hidden.current_human_patient_profile_ids()),
    e.deleted_at is not null)::app_private.owner_of_file from app_public.workouts e where e.id = file_owner_exercise.id);
grant execute on function app_private.file_owner_exercise to app_engine;
select throws_ok($$execute kind('training_id')$$, 'P0001',
  'files of the kind exercise need a column training_id with a foreign key to their owner', '… and one without its column');
select lives_ok($$execute kind('exercise_id')$$, 'the row is taken');
reset role;
insert into app_private.file_surfaces
  (key, prefix, description, owner_kind, audience, max_bytes, max_files, manage_permission, uploaded_by_owner, class, retention)
values ('exercise_films', 'exercises', 'How it is done.', 'exercise', 'owner_readers', 1000000, 1, 'services.manage', true, 'phi', 'medical_record');
insert into app_private.file_surface_types (surface, content_type) values ('exercise_films', 'image/png');

prepare upload as select (app_public.request_upload('exercise_films', tests.id('squats'), 'a.png', 'image/png', 1000, repeat('a', 64))).owner_id;
select tests.act_as('ioana');
select results_eq('execute upload', $$select tests.id('squats')$$, 'the person whose it is uploads');
select tests.act_as('vlad');
select throws_ok('execute upload', 'RX404', 'not_found', 'another patient finds nothing there');
select tests.act_as('flavia');
select throws_ok('execute upload', 'RX403', null, 'a colleague without the permission is told so');

select tests.act_as('the database');
select tests.file('film', 'exercise_films', tests.id('squats'), 'ioana');
create function pg_temp.seen_by(persona text) returns bigint language plpgsql as $$
declare v_seen bigint;
begin
  perform tests.act_as(persona);
  select count(f.exercise_id) into v_seen from app_public.files f where f.id = tests.id('film');
  perform tests.act_as('the database');
  return v_seen;
end;
$$;
select results_eq(
  $$select persona, pg_temp.seen_by(persona) from unnest('{ioana,vlad,raluca,flavia,bea}'::text[]) persona$$,
  $$values ('ioana', 1::bigint), ('vlad', 0), ('raluca', 1), ('flavia', 1), ('bea', 0)$$,
  'who sees the owner sees the file, and nobody else');
select results_eq(
  $$select table_name, class, retention from app_private.classified_columns where column_name = 'exercise_id' and table_name = 'app_public.files'$$,
  $$values ('app_public.files', 'operational', 'medical_record')$$, 'the column has its class');
select is_empty($$select * from tests.lint('file_owners') union all select * from tests.lint('named_functions')$$, 'the lint is content');

update app_public.workouts set deleted_at = now();
select is(pg_temp.seen_by('raluca'), 0::bigint, 'with its owner the file is hidden');
select throws_ok(
  $$update app_public.files set exercise_id = null where id = tests.id('film')$$, '23514', null, 'it keeps its owner');

update app_public.workouts set deleted_at = null;
delete from app_public.files where surface = 'exercise_films';
delete from app_private.file_surface_types where surface = 'exercise_films';
delete from app_private.file_surfaces where owner_kind = 'exercise';
set local role app_owner;
delete from app_private.file_owner_kinds where key = 'exercise';
reset role;
select is_empty(
  $$select polname from pg_policy where polname like 'files_select_of_exercise%'$$, 'a kind that goes takes its policies along');
select * from finish();
rollback;
