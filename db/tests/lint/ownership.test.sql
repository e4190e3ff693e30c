-- Test: lint - tables belong to the migrator, never to a role that requests run as. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('ownership')$$,
  'tables belong to the migrator, never to a role that requests run as');

create temporary table before as select object from tests.lint('ownership');
create table app_public.toys (id uuid);
alter table app_public.toys owner to app_engine;
select set_eq(
  $$select object from tests.lint('ownership') except select object from before$$,
  array[
    'app_public.toys'
  ],
  'a table of the engine is named');
select * from finish();
rollback;
