-- Test: record_ai_call_by_key - a program of the platform records calls of AI models, and nobody else does. FND-24.
begin;
select plan(36);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.clinic('boreal');
select tests.person('root', superadmin => true);
select tests.service_key('gateway');
select tests.service_key('payments', 'atlas');
create function pg_temp.call(key text, by_key text default 'gateway', clinic text default 'atlas', model text default 'gpt', units jsonb default '{"input_tokens": 1200}',
  at timestamptz default '2027-03-01 07:59+02') returns jsonb language sql as $$
  select app_hidden.record_ai_call_by_key(tests.service_digest(by_key), tests.id(clinic), key, model, units, at)
$$;
create function pg_temp.calls() returns bigint language sql as $$select count(*) from app_public.ai_calls$$;

select tests.act_as('the authenticator');
select is(pg_temp.call('c1') ->> 'verdict', 'recorded', 'a call is recorded');
select tests.act_as('the database');
select set_config('app.principal_id', '', true);
select results_eq(
  $$select c.organization_id, c.model, c.units, u.meter, u.key, u.quantity, u.occurred_at
    from app_public.ai_calls c join app_public.usage_records u on u.id = c.usage_record_id$$,
  $$values (tests.id('atlas'), 'gpt', '{"input_tokens": 1200}'::jsonb, 'ai_calls', 'c1', 1::numeric, '2027-03-01 07:59+02'::timestamptz)$$,
  'with its model and units, when it was made');
select is((select last_used_on from app_public.service_account_keys where id = tests.id('gateway')), '2027-03-01'::date, 'the key has been used');
select ok(exists (select from tests.entries_of('app_public.service_account_keys', tests.id('gateway')) where action = 'update'), 'which the trail shows');
select tests.act_as('the authenticator');
select is(pg_temp.call('c1'), pg_temp.call('c1'), 'the same call again is answered with the first');
select is(pg_temp.call('c1', model => 'other') ->> 'verdict', 'conflict', 'another model under its key is a conflict');
select is(pg_temp.call('c1', units => '{"input_tokens": 1}') ->> 'verdict', 'conflict', 'so are other units');
select is(pg_temp.call('c1', at => '2027-03-01 07:58+02') ->> 'verdict', 'conflict', 'and another time');
select is(pg_temp.call('c1', model => 'other') -> 'call' ->> 'model', 'gpt', 'the first stays');
select is(pg_temp.call('c1', clinic => 'boreal') ->> 'verdict', 'recorded', 'another clinic has keys of its own');
select tests.act_as('the database');
select is(pg_temp.calls(), 2::bigint, 'two calls in all');
select cmp_ok((select count(*) from app_public.usage_conflicts where key = 'c1'), '>=', 3::bigint, 'what came under a key that was taken is kept as a conflict');

select tests.act_as('the authenticator');
select set_config('app.idempotency_key', 'k', true);
select is(pg_temp.call('c2') ->> 'verdict', 'recorded', 'under an idempotency key as well');
select is(pg_temp.call('c2') ->> 'verdict', 'recorded', 'it is answered again');
select * from tests.refuses($$select pg_temp.call('c3')$$, 'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', 'another call under that key is none');
select set_config('app.idempotency_key', 'k of boreal', true);
select is(pg_temp.call('c2', clinic => 'boreal') ->> 'verdict', 'recorded', 'a call of another clinic');
select tests.act_as('the database');
update app_public.organizations set deleted_at = app_hidden.now() where id = tests.id('boreal');
select tests.act_as('the authenticator');
select is(pg_temp.call('c2', clinic => 'boreal') ->> 'verdict', 'recorded', 'is answered as the first time, though the clinic was removed meanwhile');
select set_config('app.idempotency_key', '', true);
select * from tests.refuses($$select pg_temp.call('c9', clinic => 'boreal')$$, 'NOT_FOUND', 'organization_not_found', 'a clinic that was removed uses nothing');

select * from tests.refuses($$select pg_temp.call('c4', by_key => 'nobody')$$, 'UNAUTHENTICATED', 'service_key_invalid', 'a key that nobody has opens nothing');
select * from tests.refuses($$select pg_temp.call('c4', by_key => 'payments')$$, 'FORBIDDEN', 'service_key_of_another_scope', 'a clinic''s key records no calls');
select * from tests.refuses($$select app_hidden.record_ai_call_by_key(tests.service_digest('gateway'), uuidv7(), 'c4', 'gpt', '{"a": 1}', '2027-03-01 07:59+02')$$,
  'NOT_FOUND', 'organization_not_found', 'a clinic that is not there');
select * from tests.refuses($$select pg_temp.call('c4', at => '2027-03-01 08:05:01+02')$$, 'VALIDATION', 'ai_call_time_malformed', 'what has not happened is refused');
select is(pg_temp.call('c5', at => '2027-03-01 08:05+02') ->> 'verdict', 'recorded', 'clocks may differ by five minutes');

select tests.act_as('root');
select throws_ok($$select pg_temp.call('c6')$$, '42501', null, 'a superadmin has no way to this door');
select isnt((app_public.revoke_service_account_key(tests.id('gateway'))).revoked_at, null, 'the key is revoked');
select tests.act_as('the authenticator');
select * from tests.refuses($$select pg_temp.call('c7')$$, 'UNAUTHENTICATED', 'service_key_invalid', 'and opens nothing, as one that was never there');
select * from tests.refuses($$select pg_temp.call('c1')$$, 'UNAUTHENTICATED', 'service_key_invalid', 'what it recorded before is not told either');
select tests.act_as('a visitor');
select throws_ok($$select pg_temp.call('c8')$$, '42501', null, 'nor has a visitor');
select * from finish();
rollback;
