-- Test: lint - an exception must excuse something, and an unknown rule is refused. FND-05.
begin;
select plan(3);
select throws_ok(
  $$select * from tests.lint('no such rule')$$, 'P0001', 'there is no rule "no such rule"',
  'an unknown rule is refused');

create table app_public.toys (id uuid);
insert into tests.lint_exceptions (rule, object, reason) values
  ('primary_keys', 'app_public.toys', 'a toy'),
  ('primary_keys', 'app_public.organizations', 'was excused once');
select is_empty(
  $$select object from tests.lint('primary_keys') where object = 'app_public.toys'$$,
  'a declared exception is quiet');
select isnt_empty(
  $$select object from tests.lint('primary_keys') where object = 'app_public.organizations'$$,
  'an exception that excuses nothing is named');
select * from finish();
rollback;
