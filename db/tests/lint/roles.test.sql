-- Test: lint - our roles have no power of their own. FND-05.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('roles')$$,
  'our roles have no power of their own');

create temporary table before as select object from tests.lint('roles');
alter role app_member createdb;
alter role app_worker bypassrls;
alter role app_anonymous login;
alter role app_authenticator inherit;
grant app_member to app_engine;
grant app_engine to app_telemetry;
select set_eq(
  $$select object from tests.lint('roles') except select object from before$$,
  array[
    'app_member',
    'app_worker',
    'app_anonymous',
    'app_authenticator',
    'app_engine',
    'app_telemetry'
  ],
  'making databases, bypassing policies, logging in, inheriting and memberships are named');
select * from finish();
rollback;
