-- Test: lint - every id says whose it is. FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('references')$$,
  'every id says whose it is');

create temporary table before as select object from tests.lint('references');
create table app_public.toys (
  id uuid primary key,
  organization_id uuid not null,
  role_id uuid not null,
  membership_id uuid,
  foreign key (organization_id, role_id) references app_public.roles (organization_id, id)
);
create table app_public.games (
  organization_id uuid not null references app_public.organizations,
  role_id uuid not null,
  permission text,
  foreign key (organization_id, role_id, permission) references app_public.role_permissions
);
select set_eq(
  $$select object from tests.lint('references') except select object from before$$,
  array[
    'app_public.toys.membership_id',
    'app_public.games.role_id'
  ],
  'an id that refers to nothing, and one whose key a null switches off, are named');
select * from finish();
rollback;
