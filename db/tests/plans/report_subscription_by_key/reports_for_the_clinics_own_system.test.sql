-- Test: report_subscription_by_key - the clinic's own system reports with a key of the clinic; another clinic's subscription is not there. BIL-09.
begin;
select plan(31);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.service_key('payments of boreal', 'boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.service_key('payments of atlas', 'atlas');
select tests.service_key('gateway');
select tests.patient('ana');
select tests.plan('four sessions', 4);
select tests.tier('gold');
select tests.includes('gold', 'four sessions');
select tests.subscribed('ana', 'gold', 'pending');
select tests.linked('ana''s gold', 'A-1');
create function pg_temp.now() returns timestamptz language sql security definer as 'select app_hidden.now()';
create function pg_temp.report(status text, by_key text default 'payments of atlas', reference text default 'A-1', at timestamptz default pg_temp.now(),
  trial_ends_at timestamptz default null) returns jsonb language sql as $$
  select app_hidden.report_subscription_by_key(tests.service_digest(by_key), reference, status, at, trial_ends_at)
$$;

select tests.act_as('the authenticator');
select is(pg_temp.report('active'),
  jsonb_build_object('subscription_id', tests.id('ana''s gold'), 'status', 'active', 'outcome', 'applied', 'as_of', '2027-03-01 08:00+02'::timestamptz),
  'a payment begins it');
select is(pg_temp.report('active') ->> 'outcome', 'applied', 'the same report again is answered as the first time');
select is(pg_temp.report('pending', at => '2027-03-01 07:00+02') ->> 'outcome', 'unchanged', 'what was before changes nothing');
select is(pg_temp.report('canceled_by_bank') ->> 'outcome', 'unknown_status', 'a word that nobody knows is kept');
select tests.act_as('the database');
select set_config('app.principal_id', '', true);
select is(tests.left_of('ana', 'four sessions'), 4, 'it gives what the tier includes (CAT-06)');
select results_eq($$select provider_word, reported_by from app_public.patient_subscription_reports order by as_of, provider_word$$,
  $$values ('pending', tests.id('principal of payments of atlas')), ('active', tests.id('principal of payments of atlas')), ('canceled_by_bank', tests.id('principal of payments of atlas'))$$,
  'in the name of the key');
select is((select array_agg(distinct actor_id) from app_private.events where name = 'patient_subscription.active'), array[tests.id('principal of payments of atlas')],
  'and so are its events');
select ok((select bool_and(actor_id = tests.id('principal of payments of atlas')) from tests.entries_of('app_public.patient_subscriptions', tests.id('ana''s gold')) where action = 'update'),
  'and the trail');

select tests.act_as('the authenticator');
select tests.freeze_time('2027-03-01 09:00+02');
select * from tests.refuses($$select pg_temp.report('past_due', by_key => 'payments of boreal')$$, 'NOT_FOUND', 'subscription_not_linked', 'another clinic''s key does not reach it');
select * from tests.refuses($$select pg_temp.report('past_due', by_key => 'gateway')$$, 'FORBIDDEN', 'service_key_of_another_scope', 'nor does the platform''s');
select * from tests.refuses($$select pg_temp.report('past_due', by_key => 'nobody''s')$$, 'UNAUTHENTICATED', 'service_key_invalid', 'nor one that nobody has');
select * from tests.refuses($$select pg_temp.report('past_due', reference => 'A-2')$$, 'NOT_FOUND', 'subscription_not_linked', 'a reference that nobody linked');
select * from tests.refuses($$select pg_temp.report('past_due', at => '2027-03-01 09:06+02')$$, 'VALIDATION', 'in_the_future', 'no report is of the future');
select * from tests.refuses($$select pg_temp.report('trialing')$$, 'VALIDATION', 'trial_needs_an_end', 'a trial has an end');
select is(pg_temp.report('trialing', trial_ends_at => '2027-03-05 08:00+02') ->> 'status', 'trialing', 'on trial');

select set_config('app.idempotency_key', 'k', true);
select is(pg_temp.report('past_due', at => '2027-03-01 09:01+02') ->> 'outcome', 'applied', 'under an idempotency key');
select is(pg_temp.report('past_due', at => '2027-03-01 09:01+02') ->> 'outcome', 'applied', 'it is answered again');
select * from tests.refuses($$select pg_temp.report('canceled', at => '2027-03-01 09:02+02')$$, 'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', 'another report under that key is none');
select set_config('app.idempotency_key', '', true);

select tests.act_as('adrian');
select throws_ok($$select pg_temp.report('active')$$, '42501', null, 'people have no way to this door');
select isnt((app_public.revoke_service_account_key(tests.id('payments of atlas'))).revoked_at, null, 'the key is revoked');
select tests.act_as('the authenticator');
select * from tests.refuses($$select pg_temp.report('active')$$, 'UNAUTHENTICATED', 'service_key_invalid', 'and opens nothing');
select tests.act_as('the database');
update app_public.organizations set deleted_at = app_hidden.now() where slug = 'boreal';
select tests.act_as('the authenticator');
select * from tests.refuses($$select pg_temp.report('active', by_key => 'payments of boreal')$$, 'UNAUTHENTICATED', 'service_key_invalid', 'nor does that of a clinic that was removed');
select * from finish();
rollback;
