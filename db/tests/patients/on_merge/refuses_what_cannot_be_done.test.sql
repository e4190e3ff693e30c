-- Test: on_merge - a rule that could not be carried out is refused when it is declared, and ends when it is not said again. FND-34.
begin;
select plan(19);
create table app_public.toys (
  id uuid primary key, organization_id uuid, name text, patient_id uuid,
  profile_id uuid references app_public.patient_profiles, patient_profile_id uuid,
  foreign key (organization_id, patient_profile_id) references app_public.patients (organization_id, patient_profile_id),
  foreign key (organization_id, patient_id) references app_public.patients (organization_id, id));
create table app_public.games (profile_id uuid primary key references app_public.patient_profiles, patient_profile_id uuid references app_public.patient_profiles);
create table app_public.cards (profile_id uuid references app_public.patient_profiles, patient_profile_id uuid);
-- Keys that a row could seem to follow: without a cascade, to what stays, to another column, to a table without a rule.
create table app_public.boxes (id int primary key, profile_id uuid unique references app_public.patient_profiles, given_by uuid unique, patient_profile_id uuid unique);
create table app_public.bags (profile_id uuid unique);
create table app_public.things (
  id int primary key, a uuid references app_public.patient_profiles references app_public.boxes (profile_id),
  b uuid references app_public.patient_profiles references app_public.boxes (given_by) on update cascade,
  c uuid references app_public.patient_profiles references app_public.boxes (patient_profile_id) on update cascade,
  d uuid references app_public.patient_profiles references app_public.bags (profile_id) on update cascade,
  e uuid references app_public.patient_profiles references app_public.boxes (profile_id) on update cascade);
create function pg_temp.home(of_table text, at text) returns void language sql as $$
  select app_private.classify(of_table, at, 'clinic', (
    select jsonb_build_object('public', jsonb_agg(attname)) from pg_attribute where attrelid = of_table::regclass and attnum > 0));
$$;
create function pg_temp.problem(arguments text) returns text language plpgsql as $$
begin execute 'select app_private.on_merge(' || arguments || ')'; return null; exception when others then return sqlerrm; end $$;

select is(pg_temp.problem($$'app_public.toys', 'profile_id', 'moves'$$), 'on_merge: app_public.toys.profile_id is of a table that is not classified', 'classified first');
select pg_temp.home('app_public.toys', 'clinic'), pg_temp.home('app_public.games', 'clinic'), pg_temp.home('app_public.cards', 'person');
select is(pg_temp.problem($$'app_public.toys', 'owner', 'moves'$$), 'on_merge: app_public.toys.owner does not exist', 'a column that is there');
select is(pg_temp.problem($$'app_public.toys', 'name', 'moves'$$), 'on_merge: app_public.toys.name refers by no key to a patient''s profile', 'a patient');
select is(pg_temp.problem($$'app_public.toys', 'organization_id', 'moves'$$), 'on_merge: app_public.toys.organization_id refers by no key to a patient''s profile', 'not the clinic in the key');
select is(pg_temp.problem($$'app_public.toys', 'patient_id', 'moves'$$), 'on_merge: app_public.toys.patient_id refers by no key to a patient''s profile', 'by the profile, as everywhere');
select is(pg_temp.problem($$'app_public.games', 'patient_profile_id', 'moves'$$), 'on_merge: app_public.games.patient_profile_id is of a clinic''s table without an organization_id', 'the clinic''s rows can be told');
select pg_temp.home('app_public.games', 'person');
select is(pg_temp.problem($$'app_public.games', 'profile_id', 'moves'$$), 'on_merge: app_public.games.profile_id is a part of the primary key', 'a row keeps its key');
select is(pg_temp.problem($$'app_public.cards', 'profile_id', 'moves'$$), 'on_merge: app_public.cards.profile_id is of a table without a primary key', 'a row can be found again');
select pg_temp.home('app_public.games', 'cell');
select is(pg_temp.problem($$'app_public.games', 'patient_profile_id', 'moves'$$), 'on_merge: app_public.games.patient_profile_id is of a table that is at home with no clinic and no person', 'somebody''s');
select is(pg_temp.problem($$'app_public.toys', 'patient_profile_id', 'follows'$$), 'on_merge: app_public.toys.patient_profile_id has no key with on update cascade to a patient that moves', 'what follows has a key');
select pg_temp.home('app_public.boxes', 'person'), pg_temp.home('app_public.things', 'person');
select app_private.on_merge('app_public.boxes', 'profile_id', 'moves'), app_private.on_merge('app_public.boxes', 'given_by', 'stays', 'Who gave it gave it.');
select is(
  array(select pg_temp.problem(format($$'app_public.things', '%s', 'follows'$$, c)) is null from unnest('{a,b,c,d,e}'::text[]) c),
  '{f,f,f,f,t}', '… with a cascade, to the column that moves');
select is(pg_temp.problem($$'app_public.cards', 'patient_profile_id', 'moves'$$), 'on_merge: app_public.cards.patient_profile_id refers by no key to a patient''s profile', 'a key of its own');
select is(pg_temp.problem($$'app_public.toys', 'name', 'stays', 'It names nobody.'$$), null, 'what stays needs no key');
select alike(pg_temp.problem($$'app_public.toys', 'profile_id', 'stays'$$), '%merge_rules_say_why_rows_stay%', 'what stays has a reason');
select alike(pg_temp.problem($$'app_public.toys', 'profile_id', 'moves', 'Because it moves.'$$), '%merge_rules_say_why_rows_stay%', 'and nothing else');
select alike(pg_temp.problem($$'app_public.toys', 'profile_id', 'vanishes'$$), 'there is no function app_private.vanishes(%', 'anything else is a function');
select is(pg_temp.problem($$'app_public.toys', 'profile_id', 'moves'$$), null, 'what can be done is registered');
select app_private.on_merge('app_public.toys', 'profile_id', 'on_merge_invitations');
select results_eq($$select rule, merge_function from app_private.merge_rules where table_name = 'app_public.toys' and column_name = 'profile_id'$$, $$values ('calls', 'on_merge_invitations')$$, '… and replaced');
select pg_temp.home('app_public.toys', 'clinic');
select is_empty($$select from app_private.merge_rules where table_name = 'app_public.toys'$$, 'a rule that is not said again ends');
select * from finish();
rollback;
