-- Test: lint - a foreign key between rows of clinics carries the clinic. FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('tenant_foreign_keys')$$,
  'a foreign key between rows of clinics carries the clinic');

create temporary table before as select object from tests.lint('tenant_foreign_keys');
create table app_public.toys (
  id uuid primary key,
  organization_id uuid not null constraint toys_organization references app_public.organizations,
  role_id uuid constraint toys_role references app_public.roles (id)
);
create table app_public.games (
  organization_id uuid constraint games_organization references app_public.organizations,
  role_id uuid,
  constraint games_role foreign key (organization_id, role_id) references app_public.roles (organization_id, id)
);
create table app_public.songs (role_id uuid constraint songs_role references app_public.roles);
select set_eq(
  $$select object from tests.lint('tenant_foreign_keys') except select object from before$$,
  array[
    'app_public.toys (toys_role)',
    'app_public.games (games_role)',
    'app_public.songs'
  ],
  'a key by id alone, one that null switches off and a child without a clinic are named');
select * from finish();
rollback;
