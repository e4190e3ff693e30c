-- Test: lint - nothing is numbered by a sequence, which another server does not have. SCA-01.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('counters')$$,
  'no column is numbered by a sequence');

create temporary table before as select object from tests.lint('counters');
create table app_public.toys (id bigint generated always as identity, number bigserial, name text);
select set_eq(
  $$select object from tests.lint('counters') except select object from before$$,
  array['app_public.toys.id', 'app_public.toys.number'],
  'an identity column and a serial are named');
select * from finish();
rollback;
