-- Test: lint - policies that update say what may come out. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('write_policies_check')$$,
  'policies that update say what may come out');

create temporary table before as select object from tests.lint('write_policies_check');
create table app_public.toys (id uuid);
create policy toys_update_member on app_public.toys for update to app_member using (id is not null);
select set_eq(
  $$select object from tests.lint('write_policies_check') except select object from before$$,
  array[
    'app_public.toys.toys_update_member'
  ],
  'an update policy without WITH CHECK is named');
select * from finish();
rollback;
