-- Test: lint - every table of ours has row level security, forced. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('row_security')$$,
  'every table of ours has row level security, forced');

create temporary table before as select object from tests.lint('row_security');
create table app_public.toys (id uuid primary key);
alter table app_public.toys enable row level security;
select set_eq(
  $$select object from tests.lint('row_security') except select object from before$$,
  array[
    'app_public.toys'
  ],
  'a table where it is not forced is named');
select * from finish();
rollback;
