-- Test: lint - every policy has the grant it needs. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('policies_have_grants')$$,
  'every policy has the grant it needs');

create temporary table before as select object from tests.lint('policies_have_grants');
create table app_public.toys (id uuid);
grant select on app_public.toys to app_member;
create policy toys_select_member on app_public.toys for select to app_member using (id is not null);
create policy toys_delete_member on app_public.toys for delete to app_member using (id is not null);
select set_eq(
  $$select object from tests.lint('policies_have_grants') except select object from before$$,
  array[
    'app_public.toys.toys_delete_member'
  ],
  'a policy that no grant reaches is named');
select * from finish();
rollback;
