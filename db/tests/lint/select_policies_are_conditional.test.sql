-- Test: lint - nobody but the engine and the worker reads every clinic. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('select_policies_are_conditional')$$,
  'nobody but the engine and the worker reads every clinic');

create temporary table before as select object from tests.lint('select_policies_are_conditional');
create table app_public.toys (id uuid, organization_id uuid);
create policy toys_select_member on app_public.toys for select to app_member using (true);
select set_eq(
  $$select object from tests.lint('select_policies_are_conditional') except select object from before$$,
  array[
    'app_public.toys.toys_select_member'
  ],
  'a select policy with (true) on clinic rows is named');
select * from finish();
rollback;
