-- Test: disable_webhook_subscription, enable_webhook_subscription, remove_webhook_subscription, test_webhook_subscription - one subscription is switched off, on and taken out by hand; the clinic hears what the rest want. WHK-01, WHK-02.
begin;
select plan(29);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.staff('beata', 'owner', 'boreal'), tests.webhooks('theirs', 'boreal', '{form.signed}');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.webhooks('bi', 'atlas', '{form.signed}'), tests.webhooks('crm', 'atlas', '{form.signed,patient.onboarded}');
insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
select tests.id('atlas'), tests.id(who), 'webhook.test', 1, '{}', app_hidden.now() from unnest('{bi,crm}'::text[]) as who;
update app_private.webhook_endpoints set failing_since = '2026-03-01', unbroken_since = '2026-03-01', failed_at = '2026-03-02', slow_steps = 3, slowed_until = '2026-03-02 11:00+00';
delete from graphile_worker._private_jobs;
create function tests.said() returns text[] language sql security definer as $$
  select array_agg(concat_ws(' ', s.name, s.status, s.disabled_reason, to_char(s.disabled_at, 'HH24:MI')) order by s.name) from app_public.webhook_subscriptions s $$;
create function tests.waiting() returns text[] language sql security definer as $$
  select array_agg(s.name || ' ' || e.status order by s.name, e.id) from app_public.webhook_events e join app_public.webhook_subscriptions s on s.id = e.subscription_id $$;
create function tests.failing() returns text[] language sql security definer as $$
  select array_agg(s.name order by s.name) from app_private.webhook_endpoints e join app_public.webhook_subscriptions s on s.id = e.subscription_id
  where num_nonnulls(e.failing_since, e.unbroken_since, e.failed_at, e.slowed_until) = 4 and e.slow_steps = 3 $$;
create function tests.interests() returns text[] language sql security definer as $$
  select array_agg(event_name order by event_name) from app_private.event_interests where consumer = 'webhooks' and organization_id = tests.id('atlas') $$;
create function tests.looks() returns bigint language sql security definer as $$ select count(*) from graphile_worker._private_jobs where key = 'deliver_webhooks' $$;

select tests.act_as('olga');
select is((select array[s.name, s.status, s.disabled_reason] from app_public.disable_webhook_subscription(tests.id('crm')) s), '{crm,disabled,by_staff}'::text[], 'switched off, it says that a colleague did it');
select is(tests.said(), '{"bi active","crm disabled by_staff 10:00","theirs active"}'::text[], 'and when; no other is');
select is(tests.waiting(), '{"bi pending","crm cancelled"}'::text[], 'what waited for it is cancelled');
select is(tests.interests(), '{form.signed}'::text[], 'the clinic hears of what the others want');
select is(tests.events_of(tests.id('crm')), '{webhook_subscription.disabled}'::text[], 'and its record says so');
select * from tests.refuses($$select app_public.test_webhook_subscription(tests.id('crm'))$$, 'STATE', 'webhooks_disabled', 'while it is off, nothing is sent to try it');
select * from tests.refuses($$select app_public.replay_webhook_events(tests.id('crm'), '2026-03-01', '2026-03-03')$$, 'STATE', 'webhooks_disabled', 'and nothing is replayed');

select is((select array[s.name, s.status, s.disabled_reason, s.disabled_at::text] from app_public.enable_webhook_subscription(tests.id('crm')) s), '{crm,active,null,null}'::text[], 'switched on again, it says so');
select is(tests.said(), '{"bi active","crm active","theirs active"}'::text[], 'and is');
select is(tests.failing(), '{bi,theirs}'::text[], 'its failures are forgotten, and those of no other');
select is(tests.waiting(), '{"bi pending","crm cancelled"}'::text[], 'what was cancelled is not sent by itself');
select is(tests.interests(), '{form.signed,patient.onboarded}'::text[], 'the clinic hears of what it wants again');
select is(tests.events_of(tests.id('crm')), '{webhook_subscription.disabled,webhook_subscription.enabled}'::text[], 'and its record says so');

select is(tests.looks(), 0::bigint, 'nothing was to be sent so far');
select is((select array[e.event_name, e.body::jsonb ->> 'type', e.status] from app_public.test_webhook_subscription(tests.id('crm')) e), '{webhook.test,webhook.test,pending}'::text[], 'a test is sent like any event');
select is(tests.looks(), 1::bigint, 'at once');

select tests.act_as('flavia');
select * from tests.refuses($$select app_public.remove_webhook_subscription(tests.id('crm'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague who may not manage webhooks takes none out');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.remove_webhook_subscription(tests.id('crm'))$$, 'NOT_FOUND', 'not_found', 'nor does another clinic');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.remove_webhook_subscription(uuidv7())$$, 'NOT_FOUND', 'not_found', 'and nobody one that nobody knows');
select is(app_public.remove_webhook_subscription(tests.id('crm')), tests.id('crm'), 'taken out, it answers with its id');
select is(tests.said(), '{"bi active","theirs active"}'::text[], 'the others stand');
select is(tests.waiting(), '{"bi pending"}'::text[], 'its log is gone with it');
select tests.act_as('the database');
select is((select count(*) from app_private.webhook_secrets where subscription_id = tests.id('crm')), 0::bigint, 'and its secret');
select is(tests.interests(), '{form.signed}'::text[], 'the clinic hears of what is left');
select * from finish();
rollback;
