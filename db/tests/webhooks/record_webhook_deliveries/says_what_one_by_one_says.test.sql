-- Test: record_webhook_deliveries, write_webhook_attempts, record_webhook_attempt - many attempts at once leave what they leave one by one, in random worlds; what it leaves out is not touched. WHK-02.
begin;
select plan(24);
select setseed(0.2718);
select tests.freeze_time('2027-03-10 10:00+00');
select tests.clinic('atlas');
select tests.webhooks(who) from unnest('{crm,bi,erp}'::text[]) as who;
insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, next_attempt_at)
select tests.id('atlas'), tests.id(who), 'webhook.test', n, '{}', app_hidden.now() from unnest('{crm,bi,erp}'::text[]) as who, generate_series(1, 4) as n;
create temporary table before as
select id, row_number() over (partition by subscription_id order by id) as n, subscription_id from app_public.webhook_events;

-- A world: how each endpoint did, which deliveries are being sent, and what comes back, in whatever order.
create function pg_temp.world() returns jsonb language plpgsql as $$
begin
  update app_private.webhook_endpoints as e
  set failing_since = given.since, unbroken_since = given.since, failed_at = case when given.since is not null then app_hidden.now() - given.hours * interval '20 hours' end,
    slow_steps = given.steps, slowed_until = case when given.steps > 0 then app_hidden.now() - interval '1 minute' end
  from (select subscription_id, case when random() < 0.5 then app_hidden.now() - random() * interval '4 days' end as since, 1 + (random() * 2)::int as hours,
          greatest(0, (random() * 14)::int - 7) as steps from app_private.webhook_endpoints) as given
  where given.subscription_id = e.subscription_id;
  update app_public.webhook_events
  set claim = case when random() < 0.7 then uuidv7() end, step = (random() * 9)::int, next_attempt_at = app_hidden.now() + interval '1 minute', last_attempt_at = app_hidden.now();
  return (
    select jsonb_agg(jsonb_build_object('id', id, 'claim', claim, 'status', status, 'problem', case when status = 204 then null when status is null then 'timeout' else 'refused' end,
      'answer', 'said ' || status, 'duration', (random() * 900)::int, 'retryAfter', case when status = 429 and random() < 0.5 then 90 end) order by random())
    from (select e.id, e.claim, (array[204, 204, 500, 429, 502, null])[1 + floor(random() * 6)::int] as status from app_public.webhook_events as e where e.claim is not null) as told);
end $$;
-- What is then so, and not what the pauses are by chance; it leaves nothing behind.
create function pg_temp.said() returns jsonb language sql as $$
  select jsonb_build_object(
    'endpoints', (select jsonb_agg(to_jsonb(e) - 'slowed_until' || jsonb_build_object('slowed', e.slowed_until > app_hidden.now()) order by e.subscription_id) from app_private.webhook_endpoints as e),
    'deliveries', (select jsonb_agg(to_jsonb(e) - 'next_attempt_at' || jsonb_build_object('due', e.next_attempt_at > app_hidden.now()) order by e.id) from app_public.webhook_events as e)) $$;
create function pg_temp.after(told jsonb, at_once boolean) returns jsonb language plpgsql as $$
declare v_said jsonb;
begin
  if at_once then
    if (select count(*) from app_private.record_webhook_deliveries(told)) <> jsonb_array_length(told) then return '"some were left out"'; end if;
  else
    perform app_private.record_webhook_attempt(t.id, t.claim, t.status, t.problem, t.answer, t.duration, t."retryAfter")
    from rows from (jsonb_to_recordset(told) as (id uuid, claim uuid, status int, problem text, answer text, duration int, "retryAfter" int)) with ordinality
      as t (id, claim, status, problem, answer, duration, "retryAfter", n);
  end if;
  v_said := pg_temp.said();
  raise exception using errcode = 'RX999', message = v_said::text;
exception when sqlstate 'RX999' then
  return v_said;
end $$;
create function pg_temp.worlds(worlds int) returns text language plpgsql as $$
declare v_told jsonb;
begin
  for n in 1 .. worlds loop
    v_told := pg_temp.world();
    if v_told is not null and pg_temp.after(v_told, true) <> pg_temp.after(v_told, false) then return n || ': ' || v_told; end if;
  end loop;
  return null;
end $$;
select is(pg_temp.worlds(40), null, 'at once is as one by one');

-- One by one again, with what a clinic would see.
create function pg_temp.sound() returns void language sql as $$
  update app_private.webhook_endpoints set failing_since = null, unbroken_since = null, failed_at = null, slow_steps = 0, slowed_until = null;
  update app_public.webhook_events set claim = uuidv7(), step = 0, next_attempt_at = app_hidden.now() + interval '1 minute' where status = 'pending' $$;
create function pg_temp.told(who text, statuses int[], retry int default null, skip int default 0) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('id', e.id, 'claim', e.claim, 'status', given.status, 'problem', case when given.status > 299 then 'refused' end,
    'answer', '', 'duration', 1, 'retryAfter', case when given.status = 429 then retry end) order by given.n)
  from unnest(statuses) with ordinality as given (status, n)
  join before as b on b.subscription_id = tests.id(who) and b.n = given.n + skip join app_public.webhook_events as e on e.id = b.id $$;
create function pg_temp.recorded(told jsonb) returns int language sql as $$ select count(*)::int from app_private.record_webhook_deliveries(told) $$;
create function pg_temp.slowed(who text) returns interval language sql as $$
  select slowed_until - app_hidden.now() from app_private.webhook_endpoints where subscription_id = tests.id(who) $$;

select pg_temp.sound();
create temporary table versions as select subscription_id, ctid as version from app_private.webhook_endpoints;
select is(pg_temp.recorded(pg_temp.told('crm', '{204}')), 1, 'what a sound endpoint takes is recorded');
select is((select count(*)::int from app_private.webhook_endpoints e join versions as v on v.subscription_id = e.subscription_id and v.version = e.ctid), 3, 'and no endpoint is written for it');
select is(pg_temp.recorded(pg_temp.told('bi', '{429,429,429}', 7)), 3, 'slow thrice');
select is(pg_temp.slowed('bi'), interval '20 seconds', 'doubles the pause twice');
select is((select slow_steps from app_private.webhook_endpoints where subscription_id = tests.id('bi')), 3, 'and is counted');
select pg_temp.sound();
select is(pg_temp.recorded(pg_temp.told('bi', '{429,500}', 90)), 2, 'slow once, with a wish');
select is(pg_temp.slowed('bi'), interval '90 seconds', 'which is heard where it is longer');
select is((select slow_steps from app_private.webhook_endpoints where subscription_id = tests.id('bi')), 1, 'and counted: any other failure is not slowness');
select pg_temp.sound();
update app_private.webhook_endpoints set slow_steps = 3 where subscription_id = tests.id('bi');
select is(pg_temp.recorded(pg_temp.told('bi', '{204}', skip => 3)), 1, 'what one takes that was slow is recorded at once');
select is((select slow_steps from app_private.webhook_endpoints where subscription_id = tests.id('bi')), 0, 'and then it is slow no more');
select pg_temp.sound();
update app_private.webhook_endpoints set slow_steps = 3 where subscription_id = tests.id('erp');
select is(pg_temp.recorded(pg_temp.told('erp', '{204,429}', skip => 2)), 2, 'taken, and then slow');
select is(array[(select slow_steps from app_private.webhook_endpoints where subscription_id = tests.id('erp'))::text, pg_temp.slowed('erp')::text], '{1,00:00:05}'::text[], 'begins to be counted anew');
select pg_temp.sound();
update app_private.webhook_endpoints set failing_since = app_hidden.now() - interval '4 days', unbroken_since = app_hidden.now() - interval '3 days',
  failed_at = app_hidden.now() - case when subscription_id = tests.id('bi') then interval '36 hours' else interval '36 hours 1 second' end;
select is(pg_temp.recorded(pg_temp.told('bi', '{500}') || pg_temp.told('erp', '{500}')), 2, 'two that have failed for days fail again');
select is((select app_hidden.now() - unbroken_since from app_private.webhook_endpoints where subscription_id = tests.id('bi')), interval '3 days', 'one within 36 hours, without a pause');
select is((select app_hidden.now() - unbroken_since from app_private.webhook_endpoints where subscription_id = tests.id('erp')), interval '0', 'and one after a longer silence');
select pg_temp.sound();
update app_private.webhook_endpoints set slow_steps = 7 where subscription_id = tests.id('erp');
select is(pg_temp.recorded(pg_temp.told('erp', '{502}')), 1, 'slow for the eighth time');
select is(pg_temp.slowed('erp'), interval '10 minutes', 'is ten minutes at most');

-- What is left to one by one.
select pg_temp.sound();
select is(pg_temp.recorded(pg_temp.told('bi', '{500,410}')), 1, 'what disables is left out, alone');
update app_private.webhook_endpoints set failing_since = app_hidden.now() - interval '5 days', unbroken_since = app_hidden.now() - interval '1 day', failed_at = app_hidden.now()
where subscription_id = tests.id('erp');
select is(pg_temp.recorded(pg_temp.told('erp', '{500}')), 0, 'also by its age');
select is(pg_temp.recorded(pg_temp.told('erp', '{204}')), 1, 'but not a success');
select pg_temp.sound();
update app_public.webhook_events set status = 'cancelled', next_attempt_at = null where subscription_id = tests.id('bi') and status = 'pending';
select is(pg_temp.recorded(pg_temp.told('bi', '{204}')), 0, 'what was cancelled meanwhile is left out');
select is((app_private.record_webhook_attempt((told -> 0 ->> 'id')::uuid, (told -> 0 ->> 'claim')::uuid, 500, 'refused', '', 1, null)), 'cancelled', 'and stays so where it fails')
from pg_temp.told('bi', '{500}') as told;
select is(pg_temp.recorded(jsonb_build_array(jsonb_build_object('id', e.id, 'claim', uuidv7(), 'status', 204))), 0, 'a claim that is another''s records nothing')
from app_public.webhook_events as e where e.subscription_id = tests.id('erp') and e.status = 'pending' limit 1;
select * from finish();
rollback;
