-- Test: schedule_webhooks - the next look at deliveries is when the first of them may be sent; an earlier one that is queued stays. WHK-02.
begin;
select plan(8);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('atlas'), tests.webhooks('crm'), tests.webhooks('bi');
delete from graphile_worker._private_jobs;
create function pg_temp.waits(who text, due timestamptz) returns void language sql as $$
  insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
  values (tests.id('atlas'), tests.id(who), 'webhook.test', 1, '{}', due) $$;
create function pg_temp.queued() returns timestamptz[] language sql as $$
  select array(select run_at from graphile_worker._private_jobs where key = 'deliver_webhooks') $$;

select pg_temp.waits('crm', '2026-03-02 09:00+00');
update app_public.webhook_events set status = 'delivered', next_attempt_at = null;
select is(app_private.schedule_webhooks(), null, 'where nothing waits, no look is due');
select is(pg_temp.queued(), '{}'::timestamptz[], 'and none is queued');
select pg_temp.waits('crm', '2026-03-02 10:40+00'), pg_temp.waits('crm', '2026-03-02 10:20+00'), pg_temp.waits('bi', '2026-03-02 10:05+00');
update app_private.webhook_endpoints set slowed_until = '2026-03-02 11:00+00' where subscription_id = tests.id('bi');
select is(app_private.schedule_webhooks(), '2026-03-02 10:20+00', 'the first that may be sent says when: not one whose endpoint is to be left alone for longer');
select is(pg_temp.queued(), '{2026-03-02 10:20+00}'::timestamptz[], 'and the look is queued for then');
delete from app_public.webhook_events where subscription_id = tests.id('crm');
select is(app_private.schedule_webhooks(), '2026-03-02 11:00+00', 'an endpoint that is to be left alone is due when that ends');
select is(pg_temp.queued(), '{2026-03-02 10:20+00}'::timestamptz[], 'and a look that is queued already for an earlier time stays');
delete from graphile_worker._private_jobs;
select app_private.schedule_webhooks();
select is(pg_temp.queued(), '{2026-03-02 11:00+00}'::timestamptz[], 'alone it is queued for then');
select app_private.wake_webhooks();
select is((select array_agg(run_at = now()) from graphile_worker._private_jobs where key = 'deliver_webhooks'), '{t}'::boolean[], 'something new that is due at once is looked at at once');
select * from finish();
rollback;
