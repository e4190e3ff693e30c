-- Test: lint - deleted rows are hidden and leave their place free. FND-10.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('soft_delete')$$,
  'deleted rows are hidden and leave their place free');

create temporary table before as select object from tests.lint('soft_delete');
create table app_public.toys (id uuid primary key, name text, deleted_at timestamptz, constraint toys_name_is_unique unique (name));
create policy toys_select_member on app_public.toys for select to app_member using (id is not null);
create policy toys_update_member on app_public.toys for update to app_member using (id is not null) with check (true);
select set_eq(
  $$select object from tests.lint('soft_delete') except select object from before$$,
  array[
    'app_public.toys.toys_select_member',
    'app_public.toys.toys_update_member',
    'app_public.toys_name_is_unique'
  ],
  'policies that show and change them and a unique constraint that counts them are named');
select * from finish();
rollback;
