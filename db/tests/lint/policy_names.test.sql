-- Test: lint - policies are named by table, command and who. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('policy_names')$$,
  'policies are named by table, command and who');

create temporary table before as select object from tests.lint('policy_names');
create table app_public.toys (id uuid);
create policy see_toys on app_public.toys for select to app_member using (id is not null);
select set_eq(
  $$select object from tests.lint('policy_names') except select object from before$$,
  array[
    'app_public.toys.see_toys'
  ],
  'another name is refused');
select * from finish();
rollback;
