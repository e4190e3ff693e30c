-- Test: claim_webhook_events, due_webhook_endpoints - endpoints have their turns, those that fail among themselves; one that is full, slowed or has nothing due is passed over. WHK-02.
begin;
select plan(18);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('atlas');
select tests.webhooks(who) from unnest('{a,b,c,d}'::text[]) as who;
insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
select tests.id('atlas'), tests.id(who), 'webhook.test', n, '{}', app_hidden.now() - case who when 'a' then interval '1 day' else interval '1 hour' end
from unnest('{a,b,c}'::text[]) as who, generate_series(1, 9) as n;
create function pg_temp.name(subscription uuid) returns text language sql as $$ select who from unnest('{a,b,c,d}'::text[]) as who where tests.id(who) = subscription $$;
create function pg_temp.claimed(most int, after text default null, most_failing int default 0, after_failing text default null) returns text language sql as $$
  select string_agg(claimed.said, ' ' order by claimed.said)
  from (
    select pg_temp.name(c.subscription_id) || case when c.is_failing then '!' else '' end as said
    from app_private.claim_webhook_events(most, most_failing,
      case when after is null then '00000000-0000-0000-0000-000000000000' else tests.id(after) end,
      case when after_failing is null then '00000000-0000-0000-0000-000000000000' else tests.id(after_failing) end) as c) as claimed $$;

select is(pg_temp.claimed(2), 'a b', 'the first two have the first turn');
select is(pg_temp.claimed(2, 'b'), 'a c', 'then come those beyond, and the first again: not who waits for longest');
select is(pg_temp.claimed(64, 'a'), 'a a b b b c c c', 'each gets four at once');
select is(pg_temp.claimed(64, 'a'), null, 'and then none');
select is(app_private.due_webhook_endpoints(false, tests.id('a'), 64), '{}'::uuid[], 'whoever is full has no turn');
select tests.freeze_time('2026-03-02 10:01+00');
select is((select array_agg(pg_temp.name(id) order by n) from unnest(app_private.due_webhook_endpoints(false, tests.id('b'), 64)) with ordinality as turn (id, n)), '{c,a,b}'::text[],
  'when the claims have ended all have, beyond the last one first; and who has nothing due has none');
update app_private.webhook_endpoints set slowed_until = app_hidden.now() + interval '1 second' where subscription_id = tests.id('c');
select is(pg_temp.claimed(1, 'b'), 'a', 'who wants to be left alone is passed over');
update app_private.webhook_endpoints set failing_since = app_hidden.now(), unbroken_since = app_hidden.now(), failed_at = app_hidden.now(), slowed_until = null
where subscription_id in (tests.id('b'), tests.id('c'));
select is(pg_temp.claimed(64, null, 1), 'a a a b!', 'one of those that fail, where one may be');
select is(pg_temp.claimed(64, null, 1, 'b'), 'c!', 'and then the next of them');
select is(pg_temp.claimed(64, null, 1, 'c'), null, 'each has one at once');
select tests.freeze_time('2026-03-02 10:02:01+00');
select is((select array_agg(pg_temp.name(id)) from unnest(app_private.due_webhook_endpoints(false, tests.id('d'), 64)) as turn (id)), '{a}'::text[], 'those that are sound have turns of their own');
select is((select array_agg(pg_temp.name(id)) from unnest(app_private.due_webhook_endpoints(true, tests.id('b'), 64)) as turn (id)), '{c,b}'::text[], 'and those that fail theirs');
select is(app_private.due_webhook_endpoints(true, tests.id('a'), 0), '{}'::uuid[], 'nobody is asked for where there is no room');

-- What is not due yet, and who is next where there is not room for all.
create function pg_temp.only(due text) returns void language plpgsql as $$
begin
  delete from app_public.webhook_events;
  insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
  select tests.id('atlas'), tests.id(who.name), 'webhook.test', 1, '{}', app_hidden.now() + case when who.name = who.code then interval '0' else interval '1 hour' end
  from (select lower(code) as name, code from regexp_split_to_table(due, '') as code) as who;
end $$;
update app_private.webhook_endpoints set failing_since = null, unbroken_since = null, failed_at = null, slowed_until = null;
select pg_temp.only('aAAAbbbb');
select is(pg_temp.claimed(4), 'a b b b', 'what is not due yet takes nobody''s turn');
select pg_temp.only('aaabbbccc');
select is(pg_temp.claimed(4, 'b'), 'a b c c', 'whoever is first when the turns go round is the first to have two');
update app_private.webhook_endpoints set failing_since = app_hidden.now(), unbroken_since = app_hidden.now(), failed_at = app_hidden.now() where subscription_id in (tests.id('b'), tests.id('c'));
select pg_temp.only('abc');
select is(pg_temp.claimed(2, null, 2, 'b'), 'a c!', 'of those that fail goes first whoever is next among them');
update app_private.webhook_endpoints set failing_since = null, unbroken_since = null, failed_at = null, slowed_until = app_hidden.now();
select pg_temp.only('ab');
select is(pg_temp.claimed(4), 'a b', 'who wanted to be left alone until now has a turn');
update app_private.webhook_endpoints set slowed_until = app_hidden.now() + interval '1 microsecond' where subscription_id = tests.id('b');
select pg_temp.only('ab');
select is(pg_temp.claimed(4), 'a', 'and not a moment sooner');
select * from finish();
rollback;
