-- Test: lint - no unique constraint reaches across clinics. FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('tenant_uniques')$$,
  'no unique constraint reaches across clinics');

create temporary table before as select object from tests.lint('tenant_uniques');
create table app_public.toys (id uuid primary key, organization_id uuid not null, name text, constraint toys_name_is_unique unique (name), constraint toys_name_is_unique_here unique (organization_id, name), role_id uuid, constraint toys_role foreign key (organization_id, role_id) references app_public.roles (organization_id, id), constraint toys_role_is_used_once unique (role_id));
select set_eq(
  $$select object from tests.lint('tenant_uniques') except select object from before$$,
  array[
    'app_public.toys_name_is_unique'
  ],
  'one that would tell a clinic what another has is named; one on a reference into the clinic is not');
select * from finish();
rollback;
