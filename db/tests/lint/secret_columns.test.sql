-- Test: lint - nobody outside reads or writes a secret. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('secret_columns')$$,
  'nobody outside reads or writes a secret');

create temporary table before as select object from tests.lint('secret_columns');
create table app_public.toys (id uuid, token_hash bytea, name text);
grant select on app_public.toys to app_member;
select set_eq(
  $$select object from tests.lint('secret_columns') except select object from before$$,
  array[
    'app_public.toys.token_hash'
  ],
  'a granted hash is named');
select * from finish();
rollback;
