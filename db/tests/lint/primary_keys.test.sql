-- Test: lint - every table has a primary key. FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('primary_keys')$$,
  'every table has a primary key');

create temporary table before as select object from tests.lint('primary_keys');
create table app_public.toys (id uuid);
select set_eq(
  $$select object from tests.lint('primary_keys') except select object from before$$,
  array[
    'app_public.toys'
  ],
  'a table without one is named');
select * from finish();
rollback;
