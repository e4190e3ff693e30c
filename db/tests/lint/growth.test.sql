-- Test: lint - whatever grows has an end. FND-12, GDP-03.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('growth')$$,
  'whatever grows has an end, or a reason');

create temporary table before as select object from tests.lint('growth');
create table app_public.toys (id uuid primary key, made_at timestamptz);
create table app_public.games (id uuid primary key, made_at timestamptz);
create table app_public.songs (id uuid primary key, made_at timestamptz);
create table app_public.lists (id uuid primary key, made_at timestamptz);
create table app_public.codes (id uuid primary key);
create table app_public.plays (id uuid, made_at timestamptz) partition by range (made_at);
select app_private.classify('app_public.games', 'cell', 'operations', '{"public": ["id", "made_at"]}');
select app_private.retain('app_public.games', 'operations', 'delete', 'made_at');
select app_private.classify('app_public.songs', 'cell', 'operations', '{"public": ["id", "made_at"]}');
select app_private.retain('app_public.songs', 'operations', 'delete', 'made_at', only_if => 'id is not null');
select app_private.classify('app_public.codes', 'cell', 'reference', '{"public": ["id"]}');
grant insert (id) on app_public.lists to app_member;
select set_eq(
  $$select object from tests.lint('growth') except select object from before$$,
  array['app_public.toys', 'app_public.songs'],
  'a new table and one of which a part stays are named; partitions, purges, reference data and lists of people are not');
select * from finish();
rollback;
