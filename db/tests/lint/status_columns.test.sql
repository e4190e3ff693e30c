-- Test: lint - a status is text with its values in a check. APT-01.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('status_columns')$$,
  'a status is text with its values in a check');

create temporary table before as select object from tests.lint('status_columns');
create type app_public.mood as enum ('happy');
create table app_public.toys (status app_public.mood, kind text, state text check (state in ('new', 'old')));
select set_eq(
  $$select object from tests.lint('status_columns') except select object from before$$,
  array[
    'app_public.toys.status',
    'app_public.toys.kind'
  ],
  'an enum and an open text are named');
select * from finish();
rollback;
