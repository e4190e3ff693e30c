-- Test: lint - nobody outside reads or writes a secret. FND-05, FND-12.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('secret_columns')$$,
  'nobody outside reads or writes a secret');

create temporary table before as select object from tests.lint('secret_columns');
create table app_public.toys (id uuid, token_hash bytea, name text, code bytea);
select app_private.classify('app_public.toys', 'clinic', 'clinic',
  '{"public": ["id", "name"], "pii_regulated": ["code"], "auth_secret": ["token_hash"]}');
grant select on app_public.toys to app_member;
select set_eq(
  $$select object from tests.lint('secret_columns') except select object from before$$,
  array[
    'app_public.toys.token_hash',
    'app_public.toys.code'
  ],
  'a granted hash, and what is regulated under another name, are named');
select * from finish();
rollback;
