-- Test: lint - every foreign key has an index. SCA-01.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('foreign_key_indexes')$$,
  'every foreign key has an index');

create temporary table before as select object from tests.lint('foreign_key_indexes');
create table app_public.toys (
  id uuid primary key,
  human_id uuid constraint toys_human references app_public.humans,
  role_id uuid constraint toys_role references app_public.roles,
  organization_id uuid constraint toys_organization references app_public.organizations
);
create index on app_public.toys (human_id) where role_id is not null;
create index on app_public.toys (organization_id, id);
create index on app_public.toys (role_id) where role_id is not null;
select set_eq(
  $$select object from tests.lint('foreign_key_indexes') except select object from before$$,
  array[
    'app_public.toys (toys_human)'
  ],
  'one with only a partial index is named');
select * from finish();
rollback;
