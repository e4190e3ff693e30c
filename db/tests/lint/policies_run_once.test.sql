-- Test: lint - policies ask their questions once per query. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('policies_run_once')$$,
  'policies ask their questions once per query');

create temporary table before as select object from tests.lint('policies_run_once');
create table app_public.toys (id uuid, organization_id uuid);
create policy toys_select_member on app_public.toys for select to app_member
  using (organization_id = any (app_hidden.current_staff_organization_ids()));
create policy toys_update_member on app_public.toys for update to app_member
  using (exists (select from app_public.memberships m where m.organization_id = toys.organization_id))
  with check (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));
create policy toys_delete_member on app_public.toys for delete to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));
create policy toys_insert_member on app_public.toys for insert to app_member
  with check (id::text = current_setting('app.principal_id'));
select set_eq(
  $$select object from tests.lint('policies_run_once') except select object from before$$,
  array[
    'app_public.toys.toys_select_member',
    'app_public.toys.toys_update_member',
    'app_public.toys.toys_insert_member'
  ],
  'a call per row, a sub-select per row and a bare current_setting are named; a call inside (select …) is not');
select * from finish();
rollback;
