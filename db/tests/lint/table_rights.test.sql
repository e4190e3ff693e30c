-- Test: lint - nobody may truncate, reference or add triggers. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('table_rights')$$,
  'nobody may truncate, reference or add triggers');

create temporary table before as select object from tests.lint('table_rights');
create table app_public.toys (id uuid);
grant truncate on app_public.toys to app_worker;
grant references on app_public.toys to app_engine;
select set_eq(
  $$select object from tests.lint('table_rights') except select object from before$$,
  array[
    'app_public.toys'
  ],
  'truncate, which no policy stops, is named');
select * from finish();
rollback;
