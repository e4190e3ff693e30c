-- Test: lint - every table, view and function says what it is. FND-29.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('comments')$$,
  'every table, view and function says what it is');

create temporary table before as select object from tests.lint('comments');
create table app_public.toys (id uuid);
create function app_public.play() returns int language sql set search_path = '' return 1;
select set_eq(
  $$select object from tests.lint('comments') except select object from before$$,
  array[
    'app_public.toys',
    'app_public.play()'
  ],
  'a silent table and a silent function are named');
select * from finish();
rollback;
