-- Test: lint - deletion goes through one door and can be taken back. FND-10.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('soft_delete_rights')$$,
  'deletion goes through one door and can be taken back');

create temporary table before as select object from tests.lint('soft_delete_rights');
create table app_public.toys (id uuid primary key, deleted_at timestamptz);
create table app_public.games (id uuid primary key, deleted_at timestamptz);
create table app_public.songs (id uuid primary key, deleted_at timestamptz);
create table app_public.dances (id uuid primary key);
insert into app_private.classified_tables (table_name, home, retention, unaudited) values
  ('app_public.toys', 'clinic', 'clinic', 'Nobody asks who threw it away.'), ('app_public.games', 'clinic', 'clinic', null),
  ('app_public.songs', 'clinic', 'clinic', null), ('app_public.dances', 'clinic', 'clinic', null);
select app_private.allow_soft_delete('app_public.toys', 'services.manage', 'r.id');
select app_private.allow_soft_delete('app_public.games', 'services.manage', 'r.id');
select app_private.allow_soft_delete('app_public.dances', 'services.manage', 'r.id', follows => 'app_public.games');
grant delete on app_public.games to app_member;
grant update (deleted_at) on app_public.services to app_member;
select results_eq(
  $$select object from tests.lint('soft_delete_rights') except select object from before order by 1$$,
  $$values ('app_public.dances'), ('app_public.games'), ('app_public.services'), ('app_public.songs'), ('app_public.toys')$$,
  'a table that does not join, one without deleted_at, one that is not audited, a delete and an update past the verbs are named');
select * from finish();
rollback;
