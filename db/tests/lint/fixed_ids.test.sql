-- Test: lint - rows of the platform that clinics point at have the same ids on every server. SCA-01.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('fixed_ids')$$,
  'rows of the platform have fixed ids');

create temporary table before as select object from tests.lint('fixed_ids');
create table app_public.toys (id uuid primary key, slug text);
create table app_public.games (id uuid primary key check (uuid_extract_version(id) is not distinct from 8), slug text);
create table app_public.dances (id uuid primary key default uuidv7() check (uuid_extract_version(id) is not distinct from 8), slug text);
create table app_public.songs (id uuid primary key, organization_id uuid, scope_id uuid, unique (scope_id, id));
create table app_public.singers (
  organization_id uuid not null, song_scope_id uuid not null, song_id uuid not null,
  foreign key (song_scope_id, song_id) references app_public.songs (scope_id, id)
);
create table app_public.tunes (id uuid primary key, organization_id uuid, unique (organization_id, id));
create or replace view tests.table_homes as
select 'app_public.' || of_platform as name, 'platform' as home from unnest('{toys,games,dances}'::text[]) of_platform;
select set_eq(
  $$select object from tests.lint('fixed_ids') except select object from before$$,
  array['app_public.toys', 'app_public.songs', 'app_public.dances'],
  'a table of the platform with random ids is named, one that holds its rows beside those of clinics who point at them, and one that only refuses random ids');
select * from finish();
rollback;
