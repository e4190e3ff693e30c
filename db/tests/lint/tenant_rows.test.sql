-- Test: lint - every row of a clinic says which. FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('tenant_rows')$$,
  'every row of a clinic says which');

create temporary table before as select object from tests.lint('tenant_rows');
create table app_public.toys (id uuid primary key, organization_id uuid references app_public.organizations);
select set_eq(
  $$select object from tests.lint('tenant_rows') except select object from before$$,
  array[
    'app_public.toys'
  ],
  'a table whose rows may be without one is named');
select * from finish();
rollback;
