-- Test: lint - nobody counts what the others do. FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('sequences')$$,
  'nobody counts what the others do');

create temporary table before as select object from tests.lint('sequences');
create table app_public.toys (id bigint generated always as identity);
grant select on sequence app_public.toys_id_seq to app_member;
select set_eq(
  $$select object from tests.lint('sequences') except select object from before$$,
  array[
    'app_public.toys_id_seq'
  ],
  'a readable sequence is named');
select * from finish();
rollback;
