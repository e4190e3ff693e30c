-- Test: recalled - tells the first answer to the same request, and leaves the key free where there is none. FND-26.
begin;
select plan(8);
create function pg_temp.key(key text) returns text language sql as $$ select set_config('app.idempotency_key', key, true) $$;
select tests.freeze_time('2027-03-01 08:00+02');
select is(app_private.recalled('try', '[1]'), null, 'a request without a key was answered nothing');
select pg_temp.key('first-key-0001');
select is(app_private.recalled('try', '[1]'), null, 'nor one that is new');
select is((select count(*) from app_private.remembered_mutations), 0::bigint, 'and nothing is claimed');
select is(app_private.remembered('try', '[1]'), null, 'so that whoever does it begins');
select app_private.remember('try', '{"n": 1}');
select is(app_private.recalled('try', '[1]'), '{"n": 1}', 'the answer is told again');
select * from tests.refuses($$select app_private.recalled('try', '[2]')$$, 'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', 'to the same request');
select tests.freeze_time('2027-03-02 08:00+02');
select is(app_private.recalled('try', '[1]'), null, 'for a day');
select * from finish();
rollback;
