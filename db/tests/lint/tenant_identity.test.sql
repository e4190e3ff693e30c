-- Test: lint - rows of a clinic can be referenced only together with it. FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('tenant_identity')$$,
  'rows of a clinic can be referenced only together with it');

create temporary table before as select object from tests.lint('tenant_identity');
create table app_public.toys (id uuid primary key, organization_id uuid not null);
create table app_public.games (name text primary key, organization_id uuid not null);
select set_eq(
  $$select object from tests.lint('tenant_identity') except select object from before$$,
  array[
    'app_public.toys',
    'app_public.games'
  ],
  'a table without unique (organization_id, id), or with a key of its own, is named');
select * from finish();
rollback;
