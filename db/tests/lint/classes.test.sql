-- Test: lint - every column says what it holds and how long it is kept. FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('classes')$$,
  'every column says what it holds and how long it is kept');

create temporary table before as select object from tests.lint('classes');
create table app_public.toys (id uuid primary key, name text);
alter table app_public.services add column maker text;
select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id", "name"]}');
alter table app_public.toys drop column name;
create table app_public.games (id uuid primary key);
insert into app_private.classified_tables (table_name, home, retention) values ('app_public.songs', 'clinic', 'clinic');
select set_eq(
  $$select object from tests.lint('classes') except select object from before$$,
  array[
    'app_public.services.maker',
    'app_public.toys.name',
    'app_public.games',
    'app_public.songs'
  ],
  'a new column, a dropped one, a new table and one that is gone are named');
select * from finish();
rollback;
