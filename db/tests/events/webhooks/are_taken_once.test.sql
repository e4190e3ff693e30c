-- Test: receive_webhook - the vendor's id of an event is taken once, and its job with it. FND-25.
begin;
select plan(20);
create function pg_temp.receive(event_id text, body text default '{"a": 1}', integration_id uuid default null, provider text default 'clerk')
returns text language sql as $$
  select verdict from app_hidden.receive_webhook(provider, integration_id, event_id, 'user.updated', now(), '{}', body::bytea);
$$;
create function pg_temp.jobs() returns bigint language sql as $$select count(*) from graphile_worker._private_jobs where key like 'webhook:%'$$;

select tests.act_as('the authenticator');
select is(pg_temp.receive('msg_1'), 'received', 'the first is received');
select is(pg_temp.receive('msg_1'), 'duplicate', 'the same again is the same');
select is(pg_temp.receive('msg_1', '{"a":1}'), 'conflict', 'other bytes under the same id are not');
select is(pg_temp.receive('msg_1', '{"a":1}'), 'conflict', 'however often');
select is(pg_temp.receive('msg_1', integration_id => '00000000-0000-7000-8000-000000000001'), 'received', 'another account numbers its own events');
select is(pg_temp.receive('msg_1', provider => 'twilio'), 'received', 'and so does another vendor');
select is(pg_temp.receive('msg_0'), 'received', 'and another event is another');
select is(pg_temp.receive('msg_1'), 'duplicate', 'each knows its own again');
select is(pg_temp.receive('msg_1', integration_id => '00000000-0000-7000-8000-000000000001'), 'duplicate', 'the account');
select is(pg_temp.receive('msg_1', provider => 'twilio'), 'duplicate', 'and the vendor');
select is(pg_temp.receive('msg_1', '{"a":1}'), 'conflict', 'other bytes are counted where they belong');
select throws_ok($$select pg_temp.receive('msg_2', repeat('x', 256001))$$, '23514', null, 'a body has an end');
select throws_ok($$select pg_temp.receive('')$$, '23514', null, 'an event has an id');
select throws_ok($$select pg_temp.receive('msg_3', provider => 'No Body')$$, '23514', null, 'a vendor has a name');

select tests.act_as('the database');
select results_eq(
  $$select concat_ws(' ', provider, integration_id is not null, conflict_count, conflicted_at is not null, status, raw_body = '{"a": 1}')
    from app_private.webhook_receipts order by id$$,
  array['clerk f 3 t received t', 'clerk t 0 f received t', 'twilio f 0 f received t', 'clerk f 0 f received t'],
  'what came first is kept, and how often something else came');
select is(pg_temp.jobs(), 4::bigint, 'each has one job');
select is((select count(*) from graphile_worker._private_jobs where payload::text ~ '"a"|user'), 0::bigint, 'whose payload says nothing');

select r from (values ('a visitor'), ('the worker'), ('the telemetry')) as t (persona),
  lateral (select tests.act_as(persona)) a,
  lateral throws_ok($$select pg_temp.receive('msg_9')$$, '42501', null, persona || ' receives nothing') r;
select * from finish();
rollback;
