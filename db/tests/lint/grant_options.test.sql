-- Test: lint - nobody may pass on a right. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('grant_options')$$,
  'nobody may pass on a right');

create temporary table before as select object from tests.lint('grant_options');
create table app_public.toys (id uuid);
grant select on app_public.toys to app_member with grant option;
select set_eq(
  $$select object from tests.lint('grant_options') except select object from before$$,
  array[
    'app_public.toys'
  ],
  'a grant option is named');
select * from finish();
rollback;
