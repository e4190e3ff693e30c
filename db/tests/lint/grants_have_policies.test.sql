-- Test: lint - every grant on rows has a policy that means it. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('grants_have_policies')$$,
  'every grant on rows has a policy that means it');

create temporary table before as select object from tests.lint('grants_have_policies');
create table app_public.toys (id uuid);
grant select (id) on app_public.toys to app_anonymous;
select set_eq(
  $$select object from tests.lint('grants_have_policies') except select object from before$$,
  array[
    'app_public.toys'
  ],
  'a grant that no policy answers is named');
select * from finish();
rollback;
