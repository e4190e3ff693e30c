-- Test: deliveries - what did not leave for a reason of ours is no attempt and no failure of the receiver, and goes within a minute. WHK-02.
begin;
select plan(10);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('atlas');
select tests.webhooks('crm', 'atlas', '{patient.onboarded}');
insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
select tests.id('atlas'), tests.id('crm'), 'webhook.test', n, '{}', app_hidden.now() from generate_series(1, 3) n;
create temporary table claims as select id, claim from app_private.claim_webhook_events(64, 64);
create function pg_temp.endpoint() returns jsonb language sql as $$
  select to_jsonb(e) - '{organization_id,subscription_id,slowed_until}'::text[] from app_private.webhook_endpoints e where e.subscription_id = tests.id('crm') $$;
create temporary table before as select pg_temp.endpoint() as endpoint;

select is((select count(*) from claims), 3::bigint, 'three are to be sent');
select is((select array_agg(app_private.postpone_webhook(id, claim, 'not_sent')) from claims), '{t,t,t}'::boolean[], 'and none leaves');
select is((select array_agg(distinct array[status, problem, step::text, attempts::text, attempt_log::text, coalesce(claim::text, 'free')]) from app_public.webhook_events),
  array[array['pending', 'not_sent', '0', '0', '[]', 'free']], 'no attempt is counted, and the log says why it waits');
select is(pg_temp.endpoint(), (select endpoint from before), 'nothing is said of the endpoint');
select is((select count(*) from app_private.claim_webhook_events(64, 64)), 0::bigint, 'it is not asked for again at once');
select ok(app_private.schedule_webhooks() between '2026-03-02 10:00:23+00' and '2026-03-02 10:00:37+00', 'but in half a minute');
-- An outage of ours of six days, and then the receiver fails once.
select tests.freeze_time('2026-03-08 10:00+00');
select app_private.postpone_webhook(id, claim, 'no_secret') from app_private.claim_webhook_events(64, 64);
select tests.freeze_time('2026-03-08 10:01+00');
truncate claims;
insert into claims select id, claim from app_private.claim_webhook_events(64, 64);
select is((select array_agg(app_private.record_webhook_attempt(id, claim, 500, 'refused', '', 1, null)) from (select * from claims limit 1) c), '{pending}'::text[], 'its first failure');
select is((select array_agg(distinct status) from app_public.webhook_subscriptions), '{active}'::text[], 'is its first');
select is((select array_agg(distinct app_private.postpone_webhook(id, uuidv7(), 'not_sent')) from app_public.webhook_events), '{f}'::boolean[], 'who lost the claim says nothing');
update app_public.webhook_events set status = 'cancelled', next_attempt_at = null where claim is not null;
select is((select array_agg(distinct app_private.postpone_webhook(id, claim, 'not_sent')::text || (select e.status from app_public.webhook_events e where e.id = claims.id))
  from claims where exists (select from app_public.webhook_events e where e.claim = claims.claim)), '{truecancelled}'::text[], 'what was cancelled meanwhile stays so');
select * from finish();
rollback;
