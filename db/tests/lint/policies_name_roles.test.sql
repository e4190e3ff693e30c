-- Test: lint - no policy applies to everybody. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('policies_name_roles')$$,
  'no policy applies to everybody');

create temporary table before as select object from tests.lint('policies_name_roles');
create table app_public.toys (id uuid);
create policy toys_select_all on app_public.toys for select using (id is not null);
select set_eq(
  $$select object from tests.lint('policies_name_roles') except select object from before$$,
  array[
    'app_public.toys.toys_select_all'
  ],
  'a policy for PUBLIC is named');
select * from finish();
rollback;
