-- Test: claim_webhook, replay_webhook - a delivery is applied, given up after the last attempt, and replayed by an operator. FND-25.
begin;
select plan(41);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.person('root', superadmin => true);
create function pg_temp.receive(event_id text) returns uuid language sql as $$
  select tests.remember(event_id, receipt_id)
  from app_hidden.receive_webhook('clerk', null, event_id, 'user.updated', '2027-03-01 07:59+02', '{"user-agent": "x"}', '{}');
$$;
create function pg_temp.claims(event_id text) returns bigint language sql as $$
  select count(*) from app_hidden.claim_webhook(tests.id(event_id));
$$;
create function pg_temp.standing(named text) returns text language sql as $$
  select concat_ws(' ', status, outcome, attempts, last_error, raw_body is not null) from app_private.webhook_receipts where id = tests.id(named);
$$;
with another as (insert into app_public.principals (id, kind) values ('00000000-0000-8000-8000-00000000000a', 'service_account') returning id)
insert into app_public.service_accounts (principal_id, name) select id, 'not-webhooks' from another;
select tests.act_as('the authenticator');
select pg_temp.receive(id) from (values ('msg_1'), ('msg_2'), ('msg_3')) as m (id);

select tests.act_as('the worker');
select results_eq($$select event_id, type, occurred_at, received_at, headers, raw_body from app_hidden.claim_webhook(tests.id('msg_1'))$$,
  $$values ('msg_1', 'user.updated', '2027-03-01 07:59+02'::timestamptz, '2027-03-01 08:00+02'::timestamptz, '{"user-agent": "x"}'::jsonb, '{}'::bytea)$$,
  'the worker gets what came');
select lives_ok($$select app_hidden.record_webhook_failed(tests.id('msg_1'), 'Error of the vendor', false)$$, 'a first attempt fails');
select is(pg_temp.claims('msg_1'), 1::bigint, 'it is tried again');
select lives_ok($$select app_hidden.record_webhook_processed(tests.id('msg_1'), 'applied')$$, 'and applied');
select is(pg_temp.claims('msg_1'), 0::bigint, 'then it is over');
select lives_ok($$select app_hidden.record_webhook_failed(tests.id('msg_1'), 'late', true)$$, 'a failure that comes late');
select lives_ok($$select app_hidden.record_webhook_failed(tests.id('msg_2'), repeat('long ', 200), true)$$, 'the last attempt of another fails');
select lives_ok($$select app_hidden.record_webhook_processed(tests.id('msg_2'), 'late')$$, 'what comes to an end after that');
select is(pg_temp.claims('msg_2'), 0::bigint, 'it waits for an operator');
select is(pg_temp.claims('msg_3') + pg_temp.claims('msg_3'), 2::bigint, 'claiming alone changes nothing');

select tests.act_as('the database');
select is(app_hidden.current_principal_id(), null, 'the test is nobody again');
select is((select principal_id::text from app_public.service_accounts where name = 'webhooks'),
  (select current_setting('app.principal_id') from app_hidden.claim_webhook(tests.id('msg_3'))), 'who claims writes as the account of the webhooks');
select tests.act_as('the database');
select is(pg_temp.standing('msg_1'), 'processed applied 2 t', 'applied at the second attempt, its error forgotten');
select is((select concat_ws(' ', status, outcome, attempts) from app_private.webhook_receipts where id = tests.id('msg_2')), 'failed 1',
  'and what was given up is not applied behind the operator''s back');
select is((select length(last_error) from app_private.webhook_receipts where id = tests.id('msg_2')), 500, 'an error is kept short');
select throws_ok($$update app_private.webhook_receipts set status = 'failed', outcome = null, processed_at = null, last_error = 'x' where id = tests.id('msg_1')$$,
  'RX412', null, 'what was applied does not fail afterwards');
delete from graphile_worker._private_jobs;

select tests.act_as('olga');
select * from tests.refuses($$select app_public.replay_webhook('clerk', 'msg_1')$$, 'FORBIDDEN', 'superadmin_only', 'an owner replays nothing');
select tests.act_as('root');
select * from tests.refuses($$select app_public.replay_webhook('clerk', 'msg_0')$$, 'NOT_FOUND', 'webhook_not_found', 'nor what never came');
select * from tests.refuses($$select app_public.replay_webhook('twilio', 'msg_1')$$, 'NOT_FOUND', 'webhook_not_found', 'from this vendor');
select is(app_public.replay_webhook('clerk', 'msg_1'), 1, 'an operator replays what was applied');
select tests.act_as('the database');
select alike(pg_temp.standing('msg_2'), 'failed 1 long %', 'one at a time');
select tests.act_as('root');
select is(app_public.replay_webhook('clerk', 'msg_2'), 1, 'what failed');
select is(app_public.replay_webhook('clerk', 'msg_3'), 1, 'and what is on its way');
select tests.act_as('the database');
select is(pg_temp.standing(id), 'received 0 t', id || ' starts anew') from (values ('msg_1'), ('msg_2'), ('msg_3')) as m (id);
select is((select count(*) from graphile_worker._private_jobs), 3::bigint, 'with a job each');
select app_hidden.record_webhook_processed(tests.id('msg_1'), 'applied');

select tests.freeze_time('2027-03-02 09:00+02');
select app_hidden.record_webhook_processed(tests.id('msg_3'), 'applied');

-- Received at eight; thirty times twenty-four hours later it is nine, for summer has come.
select tests.freeze_time('2027-03-31 09:00+03');
select is(app_private.purge_webhooks(), 0, 'a body is kept for thirty days');
select tests.freeze_time('2027-04-01 09:00+03');
select tests.act_as('the worker');
select is(app_private.purge_webhooks(), 1, 'after thirty days the body of what was applied goes');
select tests.freeze_time('2027-04-01 10:00+03');
select is(app_private.purge_webhooks(), 0, 'once, and that of what was applied a day later not yet');
select tests.act_as('the database');
select is(pg_temp.standing('msg_1'), 'processed applied 1 f', 'its trace stays');
select is(pg_temp.standing('msg_2'), 'received 0 t', 'what was not applied keeps its body');
select tests.act_as('root');
select * from tests.refuses($$select app_public.replay_webhook('clerk', 'msg_1')$$, 'GONE', 'webhook_body_purged', 'a purged one cannot be replayed');
select tests.act_as('the database');
select tests.freeze_time('2027-05-30 09:00+03');
select app_private.purge_webhooks();
select is((select count(*) from app_private.webhook_receipts), 3::bigint, 'a trace is kept for ninety days');
update app_private.webhook_receipts set processed_at = '2027-05-30 09:00+03', status = 'processed', outcome = 'late' where id = tests.id('msg_2');
select is(app_private.purge_webhooks(), 0, 'what was applied late keeps its body');
select tests.freeze_time('2027-05-31 09:00+03');
select tests.act_as('the worker');
select is(app_private.purge_webhooks(), 0, 'after ninety days');
select tests.act_as('the database');
select is_empty($$select 1 from app_private.webhook_receipts$$, 'nothing is left of any of them');
select * from finish();
rollback;
