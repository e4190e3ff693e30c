-- Test: app_hidden.require_replayed - a server that is no replica is told so at once. SCA-01.
-- What replicas do is seen in server/tests/replica.test.ts, which has one.
begin;
select plan(3);
select tests.act_as('the authenticator');
select throws_ok(
  $$select app_hidden.require_replayed('0/0')$$, '55000', 'not a replica that has replayed 0/0',
  'a server that is no replica has replayed nothing, however little is asked');
reset role;
select tests.act_as('a visitor');
select throws_ok(
  $$select app_hidden.require_replayed('0/0')$$, '42501', null, 'nobody but the server asks');
reset role;
select ok(has_function_privilege('app_authenticator', 'app_hidden.require_replayed(pg_lsn)', 'execute'), 'the server may');
select * from finish();
rollback;
