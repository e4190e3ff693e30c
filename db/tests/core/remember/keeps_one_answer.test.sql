-- Test: remember - the answer of the very request that began, and of no other. FND-26.
begin;
select plan(7);
create function pg_temp.key(key text) returns text language sql as $$ select set_config('app.idempotency_key', key, true) $$;
select lives_ok($$select app_private.remember('try', '{"n": 0}')$$, 'a request without a key needs none');
select is((select count(*) from app_private.remembered_mutations), 0::bigint, 'and none is kept');
select pg_temp.key('first-key-0001');
select throws_ok($$select app_private.remember('try', '{"n": 1}')$$, 'P0001', 'remember: try did not begin with remembered()', 'a verb that did not begin is a mistake of ours');
select is(app_private.remembered('try', '[1]'), null, 'a request begins');
select app_private.remember('try', '{"n": 1}');
select pg_temp.key('other-key-0002');
select is(app_private.remembered('try', '[2]'), null, 'and another');
select app_private.remember('try', '{"n": 2}');
select is(app_private.remembered('try', '[2]'), '{"n": 2}', 'each has its own answer');
select pg_temp.key('first-key-0001');
select is(app_private.remembered('try', '[1]'), '{"n": 1}', 'the first as well');
select * from finish();
rollback;
