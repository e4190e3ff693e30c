-- Test: record_webhook_attempt, postpone_webhook, webhook_attempt_log - what came of an attempt is written to the delivery and the endpoint whose claim it was, and nowhere else; the log keeps the last twenty. WHK-02.
begin;
select plan(21);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('atlas'), tests.webhooks('crm'), tests.webhooks('bi');
insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
select tests.id('atlas'), tests.id(who), 'webhook.test', 1, '{}', app_hidden.now() from unnest('{crm,crm,bi,bi}'::text[]) as who;
create temporary table claims as select id, claim, subscription_id, row_number() over (partition by subscription_id order by id) as n from app_private.claim_webhook_events(64, 64);
create function pg_temp.answer(who text, n int, status int, claim uuid default null, retry_after int default null) returns text language sql as $$
  select app_private.record_webhook_attempt(c.id, coalesce(answer.claim, c.claim), status, case when status > 299 then 'refused' end, 'said ' || status, 12, retry_after)
  from claims c where c.subscription_id = tests.id(who) and c.n = answer.n $$;
create function pg_temp.endpoint(who text) returns jsonb language sql as $$ select to_jsonb(e) from app_private.webhook_endpoints e where e.subscription_id = tests.id(who) $$;
create function pg_temp.statuses() returns text language sql as $$
  select string_agg(case when c.subscription_id = tests.id('crm') then 'crm' else 'bi' end || ' ' || e.status, ', ' order by c.subscription_id, c.n) from claims c join app_public.webhook_events e using (id) $$;
create temporary table endpoints as select who, pg_temp.endpoint(who) as said from unnest('{crm,bi}'::text[]) as who;

-- Whoever lost the claim.
select is(pg_temp.answer('crm', 1, 500, uuidv7()), null, 'by a claim that is another''s nothing is recorded');
select is(pg_temp.answer('crm', 1, 410, uuidv7()), null, 'not even that the receiver is gone');
select is((select array_agg(app_private.postpone_webhook(c.id, uuidv7(), 'not_sent')) from claims c), '{f,f,f,f}'::boolean[], 'and nothing is postponed');
select is(pg_temp.statuses(), 'crm pending, crm pending, bi pending, bi pending', 'all of them are being sent');
select is((select array_agg(status order by name) from app_public.webhook_subscriptions), '{active,active}'::text[], 'to who is told of events');
select results_eq('select who, pg_temp.endpoint(who) from endpoints', 'select who, said from endpoints', 'and no endpoint has failed or is to be left alone');

-- Of one endpoint, and of another nothing.
select is((select app_private.postpone_webhook(c.id, c.claim, 'not_sent') from claims c where c.subscription_id = tests.id('bi') and c.n = 2), true, 'what did not leave is given back');
select is(pg_temp.endpoint('crm'), (select said from endpoints where who = 'crm'), 'which leaves the other endpoint as it was');
select isnt(pg_temp.endpoint('bi'), (select said from endpoints where who = 'bi'), 'and lets its own wait');
select is(pg_temp.answer('bi', 1, 410), 'failed', 'the receiver of bi is gone');
select is((select array_agg(name || ' ' || status order by name) from app_public.webhook_subscriptions), '{"bi disabled","crm active"}'::text[], 'so bi is told nothing more, and crm is');
select is(pg_temp.statuses(), 'crm pending, crm pending, bi failed, bi cancelled', 'and what waited for bi alone is cancelled');
select is(pg_temp.answer('crm', 1, 204), 'delivered', 'crm takes what it is sent');

-- The log of one delivery.
update app_public.webhook_events set attempt_log = (select jsonb_agg(jsonb_build_object('at', n)) from generate_series(1, 19) n) where id = (select id from claims where subscription_id = tests.id('crm') and n = 2);
create function pg_temp.log() returns jsonb language sql as $$ select attempt_log from app_public.webhook_events where id = (select id from claims where subscription_id = tests.id('crm') and n = 2) $$;
select is(pg_temp.answer('crm', 2, 500), 'pending', 'a delivery is tried for the twentieth time');
select is(jsonb_array_length(pg_temp.log()), 20, 'its log says all of them');
select is(pg_temp.log() -> 19, '{"at": "2026-03-02T10:00:00+00:00", "problem": "refused", "durationMs": 12, "responseStatus": 500}', 'of each when it was, and what came of it');
select tests.freeze_time('2026-03-02 10:01+00');
update claims set claim = c.claim from app_private.claim_webhook_events(64, 64) c where c.id = claims.id;
select is(pg_temp.answer('crm', 2, 204), 'delivered', 'and for the twenty-first time');
select is(jsonb_array_length(pg_temp.log()), 20, 'it keeps twenty');
select is(pg_temp.log() -> 0 ->> 'at', '2', 'without the oldest');
select is(pg_temp.log() -> 19 ->> 'responseStatus', '204', 'and with the latest');
select is((select attempts from app_public.webhook_events where id = (select id from claims where subscription_id = tests.id('crm') and n = 2)), 2, 'and counts on');
select * from finish();
rollback;
