-- Test: lint - nobody but the engine and the worker writes without a condition. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('write_policies_are_conditional')$$,
  'nobody but the engine and the worker writes without a condition');

create temporary table before as select object from tests.lint('write_policies_are_conditional');
create table app_public.toys (id uuid, organization_id uuid);
create policy toys_insert_member on app_public.toys for insert to app_member with check (true);
create policy toys_update_member on app_public.toys for update to app_member using (id is not null) with check (true);
create policy toys_delete_member on app_public.toys for delete to app_member, app_engine using (true);
create policy toys_all_migrator on app_public.toys to app_owner using (true) with check (true);
create policy toys_all_engine on app_public.toys to app_engine using (true) with check (true);
select set_eq(
  $$select object from tests.lint('write_policies_are_conditional') except select object from before$$,
  array[
    'app_public.toys.toys_insert_member',
    'app_public.toys.toys_update_member',
    'app_public.toys.toys_delete_member',
    'app_public.toys.toys_all_migrator'
  ],
  'insert, update and delete with (true) are named, the migrator over clinics included; the engine is not');
select * from finish();
rollback;
