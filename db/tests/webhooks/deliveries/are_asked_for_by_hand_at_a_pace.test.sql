-- Test: deliveries - tests and replays of a subscription have a rate: thirty calls at once and one every two seconds then, ten thousand deliveries in a minute. WHK-02, FND-27.
begin;
select plan(17);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.webhooks('crm'), tests.webhooks('bi');
create function tests.too_many(statement text, said text) returns setof text language sql as $$
  select tests.refuses(statement, 'RATE_LIMITED', 'too_many_by_hand', said) $$;
select tests.act_as('olga');

select is((select count((app_public.test_webhook_subscription(tests.id('crm'))).id) from generate_series(1, 29)), 29::bigint, 'twenty-nine tests at once');
select isnt((app_public.replay_webhook_event((select id from app_public.webhook_events order by id limit 1))).id, null, 'and a replay');
select * from tests.too_many($$select app_public.test_webhook_subscription(tests.id('crm'))$$, 'then no test');
select * from tests.too_many($$select app_public.replay_webhook_event((select id from app_public.webhook_events order by id limit 1))$$, 'no replay');
select * from tests.too_many($$select app_public.replay_webhook_events(tests.id('crm'), '2026-03-01', '2026-03-03')$$, 'and no span of time');
select isnt((app_public.test_webhook_subscription(tests.id('bi'))).id, null, 'of that subscription; another has its own');
select is((select count(*) from app_public.webhook_events), 30::bigint, 'what is refused makes nothing');
select tests.act_as('the database');
select tests.freeze_time('2026-03-02 10:00:02+00');
select tests.act_as('olga');
select isnt((app_public.test_webhook_subscription(tests.id('crm'))).id, null, 'one more after two seconds');
select * from tests.too_many($$select app_public.test_webhook_subscription(tests.id('crm'))$$, 'and not two');

select tests.act_as('the database');
insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, created_at)
select tests.id('atlas'), tests.id('bi'), 'webhook.test', n, '{}', '2026-03-01 10:00+00' from generate_series(1, 400) n;
update app_public.webhook_events set status = 'failed', next_attempt_at = null where created_at = '2026-03-01 10:00+00';
select tests.freeze_time('2026-03-02 11:00+00');
select tests.act_as('olga');
select is(app_public.replay_webhook_events(tests.id('bi'), '2026-03-01', '2026-03-02'), 400, 'a span of time counts as what is in it: 400 as 2.4 seconds');
select is((select count((app_public.test_webhook_subscription(tests.id('bi'))).id) from generate_series(1, 28)), 28::bigint, 'which leaves twenty-eight tests');
select * from tests.too_many($$select app_public.test_webhook_subscription(tests.id('bi'))$$, 'and no other');
select * from finish();
rollback;
