-- Test: deliveries - an endpoint is disabled after five days of nothing but failures, the last of them without a pause: never by one late failure after a silence. WHK-02.
begin;
select plan(17);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.webhooks('crm', 'atlas', '{patient.onboarded}');
create function pg_temp.happens() returns void language sql as $$
  insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
  values (tests.id('atlas'), tests.id('crm'), 'webhook.test', 1, '{}', app_hidden.now()) $$;
-- Goes on to when the next attempt is due, makes it, and answers with the status of the subscription.
create function pg_temp.attempt(answered int default 500) returns text language plpgsql as $$
begin
  perform tests.freeze_time(greatest(app_hidden.now(), (select min(e.next_attempt_at) from app_public.webhook_events e where e.status = 'pending')));
  perform app_private.record_webhook_attempt(c.id, c.claim, answered, case when answered >= 300 then 'refused' end, '', 1, null)
  from app_private.claim_webhook_events(1, 1) c;
  return (select status || coalesce(' ' || disabled_reason, '') from app_public.webhook_subscriptions where id = tests.id('crm'));
end;
$$;
create function pg_temp.all_in_vain() returns text language plpgsql as $$
declare v_status text;
begin
  for i in 1 .. 10 loop v_status := pg_temp.attempt(); end loop;
  return v_status || ', ' || (select e.status from app_public.webhook_events e order by e.id desc limit 1);
end;
$$;
create function pg_temp.failed_for() returns interval language sql as $$
  select date_trunc('day', app_hidden.now() - failing_since) from app_private.webhook_endpoints where subscription_id = tests.id('crm') $$;
create function pg_temp.later(pause interval) returns text language sql as $$ select tests.freeze_time(app_hidden.now() + pause)::text $$;

-- Rarely used: one delivery that failed three days long, a month of silence, and a late failure.
select pg_temp.happens();
select is(pg_temp.all_in_vain(), 'active, failed', 'ten attempts in vain give a delivery up, and no more than that');
select ok(pg_temp.failed_for() between interval '2 days' and interval '3 days', 'they took about three days');
select pg_temp.later('30 days');
select pg_temp.happens();
select is(pg_temp.attempt(), 'active', 'a failure after a month of silence disables nothing');
select is(pg_temp.attempt(), 'active', 'nor does its first retry');
select is(pg_temp.attempt(204), 'active', 'which may be taken at last');
select is((select array[failing_since, unbroken_since, failed_at] from app_private.webhook_endpoints where subscription_id = tests.id('crm')),
  array[null, null, null]::timestamptz[], 'and then all failures are forgotten');

-- The same, and it is down for good: the retries of a day say so.
select pg_temp.happens();
select pg_temp.all_in_vain();
select pg_temp.later('30 days');
select pg_temp.happens();
select is((select array_agg(pg_temp.attempt()) from generate_series(1, 7)), array_fill('active'::text, array[7]), 'after the silence it is tried again');
select ok((select app_hidden.now() - unbroken_since < interval '1 day' from app_private.webhook_endpoints where subscription_id = tests.id('crm')), 'for less than a day so far');
select is((select array_agg(distinct pg_temp.attempt()) @> '{disabled failing}' from generate_series(1, 2)), true, 'a day of nothing but failures more ends it');
select is((select count(*) from app_private.events where name = 'webhook_subscription.disabled'), 1::bigint, 'with one event');
select app_private.consume_notifications(id) from app_private.events where name = 'webhook_subscription.disabled';
select is((select count(*) from app_public.messages where template_key = 'webhook_disabled'), 2::bigint, 'and a notice to who manages webhooks, by mail and in the app');

-- Much used: a failure every six hours.
select tests.act_as('olga');
select app_public.enable_webhook_subscription(tests.id('crm'));
select tests.act_as('the database');
create function pg_temp.failures(most int) returns table (status text, since interval) language plpgsql as $$
begin
  for i in 1 .. most loop
    delete from app_public.webhook_events;
    perform pg_temp.happens();
    status := pg_temp.attempt();
    since := pg_temp.failed_for();
    return next;
    perform pg_temp.later('6 hours');
  end loop;
end;
$$;
select is((select array_agg(distinct f.status) from pg_temp.failures(20) f), '{active}'::text[], 'not for five days less six hours');
select is((select f.status from pg_temp.failures(1) f), 'disabled failing', 'but at five days');
select tests.act_as('olga');
select app_public.enable_webhook_subscription(tests.id('crm'));
select tests.act_as('the database');
select is((select array_agg(distinct f.status) from pg_temp.failures(8) f), '{active}'::text[], 'switched on again, its five days begin anew');
delete from app_public.webhook_events;
select pg_temp.happens();
select is(pg_temp.attempt(204), 'active', 'one success in between');
select is((select array_agg(distinct f.status) from pg_temp.failures(20) f), '{active}'::text[], 'and they begin anew, too');

-- Gone is gone, also the first time and without any day.
delete from app_public.webhook_events;
select pg_temp.happens();
select is(pg_temp.attempt(410), 'disabled gone', '410 disables at once');
select * from finish();
rollback;
