-- Test: replay_webhook_events, replay_webhook_event - of one subscription, what a span of time left untold goes once more with its ids; what was delivered only where it is asked for. WHK-02.
begin;
select plan(24);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.staff('beata', 'owner', 'boreal'), tests.webhooks('theirs', 'boreal');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.webhooks('bi'), tests.webhooks('crm');
-- Each named after how it ended and when it was made.
create function pg_temp.ended(name text, who text, status text, made timestamptz) returns void language plpgsql as $$
begin
  insert into app_public.webhook_events (id, organization_id, subscription_id, event_name, sequence, body, step, next_attempt_at, created_at)
  select tests.remember(ended.name, uuidv7()), s.organization_id, s.id, 'webhook.test', 1, '{}', 4, '2026-03-02 18:00+00', made from app_public.webhook_subscriptions s where s.id = tests.id(who);
  update app_public.webhook_events e set status = ended.status, next_attempt_at = null where e.id = tests.id(ended.name) and ended.status <> 'pending';
end $$;
select pg_temp.ended('their failed', 'theirs', 'failed', '2026-03-01 10:00+00'), pg_temp.ended('failed of bi', 'bi', 'failed', '2026-03-01 10:00+00'),
  pg_temp.ended('failed before', 'crm', 'failed', '2026-03-01 08:59:59+00'), pg_temp.ended('failed at nine', 'crm', 'failed', '2026-03-01 09:00+00'), pg_temp.ended('cancelled', 'crm', 'cancelled', '2026-03-01 10:00+00'),
  pg_temp.ended('delivered', 'crm', 'delivered', '2026-03-01 10:00+00'), pg_temp.ended('waiting', 'crm', 'pending', '2026-03-01 10:00+00'), pg_temp.ended('failed at twelve', 'crm', 'failed', '2026-03-01 12:00+00');
create temporary table before as select id, ctid as version from app_public.webhook_events;
-- What was written since this was asked last; all of it as if nothing had been tried.
create function pg_temp.sent_again() returns text language sql as $$
  select string_agg(n.name || case when e.status = 'pending' and e.next_attempt_at = app_hidden.now() and e.step = 0 and e.claim is null then '' else ' not so' end, ', ' order by n.name)
  from app_public.webhook_events e join tests.names n using (id) join before b using (id) where b.version <> e.ctid $$;
create function pg_temp.restart() returns void language sql as $$
  update app_public.webhook_events set status = case split_part(n.name, ' ', 1) when 'their' then 'failed' else split_part(n.name, ' ', 1) end, next_attempt_at = null, step = 4
  from tests.names n where n.id = webhook_events.id and status = 'pending' and n.name <> 'waiting';
  update before set version = e.ctid from app_public.webhook_events e where e.id = before.id;
  delete from graphile_worker._private_jobs $$;
create function pg_temp.looks() returns bigint language sql as $$ select count(*) from graphile_worker._private_jobs where key = 'deliver_webhooks' $$;
create function tests.replays(delivered_too boolean, since timestamptz default '2026-03-01 09:00+00', until timestamptz default '2026-03-01 12:00+00') returns int language sql as $$
  select app_public.replay_webhook_events(tests.id('crm'), since, until, delivered_too) $$;

select pg_temp.restart(), tests.act_as('olga');
select is(tests.replays(false), 2, 'a span of time is replayed');
select tests.act_as('the database');
select is(pg_temp.sent_again(), 'cancelled, failed at nine', 'what failed or was cancelled in it, from its first instant on and before its last: nothing that waits, or was delivered, or is another subscription''s');
select is(pg_temp.looks(), 1::bigint, 'it goes at once');
select pg_temp.restart(), tests.act_as('olga');
select is(tests.replays(true), 3, 'where it is asked for');
select tests.act_as('the database');
select is(pg_temp.sent_again(), 'cancelled, delivered, failed at nine', 'also what was delivered');
select pg_temp.restart(), tests.act_as('olga');
select is(tests.replays(true, '2026-02-01', '2026-02-02'), 0, 'where nothing happened nothing is replayed');
select tests.act_as('the database');
select is(pg_temp.looks(), 0::bigint, 'and nothing goes');

-- One of them.
select tests.act_as('olga');
select is((select array[e.id::text, e.status] from app_public.replay_webhook_event(tests.id('delivered')) e), array[tests.id('delivered')::text, 'pending'], 'one delivery is replayed, also one that was delivered');
select tests.act_as('the database');
select is(pg_temp.sent_again(), 'delivered', 'and no other');
select is(pg_temp.looks(), 1::bigint, 'at once');
select pg_temp.restart();
select is((select next_attempt_at from app_public.webhook_events where id = tests.id('waiting')), '2026-03-02 18:00+00', 'one waits for its next attempt this evening');
select tests.act_as('olga');
select is((app_public.replay_webhook_event(tests.id('waiting'))).next_attempt_at, '2026-03-02 10:00+00', 'it goes now');
select tests.act_as('the database');
select is((select step from app_public.webhook_events where id = tests.id('waiting')), 4, 'and its attempts so far count');
update app_public.webhook_events set claim = uuidv7(), next_attempt_at = '2026-03-02 10:00:40+00' where id = tests.id('waiting');
select tests.act_as('olga');
select app_public.replay_webhook_event(tests.id('waiting'));
select tests.act_as('the database');
select is((select next_attempt_at from app_public.webhook_events where id = tests.id('waiting')), '2026-03-02 10:00:40+00', 'one that is being sent just now is not sent twice');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.replay_webhook_event(tests.id('failed at nine'))$$, 'NOT_FOUND', 'not_found', 'another clinic replays none of it');
select * from tests.refuses('select tests.replays(false)', 'NOT_FOUND', 'not_found', 'nor a span of time');
select tests.act_as('olga');
select * from tests.refuses('select app_public.replay_webhook_event(uuidv7())', 'NOT_FOUND', 'not_found', 'and nobody one that nobody knows');

-- How many at once; without the guard of each row, which takes seconds of so many.
select tests.act_as('the database');
set local session_replication_role = replica;
insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, status, next_attempt_at, created_at)
select tests.id('atlas'), tests.id('crm'), 'webhook.test', n, '{}', 'failed', null, timestamptz '2026-02-10 10:00+00' + n * interval '1 second' from generate_series(0, 10000) n;
select tests.freeze_time('2026-03-02 11:00+00');
select tests.act_as('olga');
select * from tests.refuses($$select tests.replays(false, '2026-02-10 10:00+00', '2026-02-11')$$, 'VALIDATION', 'too_many_to_replay', '10,001 are too many');
select is(tests.replays(false, '2026-02-10 10:00:01+00', '2026-02-11'), 10000, 'ten thousand are not');
select tests.act_as('the database');
select is((select count(*) from app_public.webhook_events where status = 'pending' and created_at < '2026-02-11'), 10000::bigint, 'and all of them go');
select * from finish();
rollback;
