-- Test: publish_stays - entering and leaving are events: many at once by one statement, told where somebody asked; automations
-- begin with them, also when that closes a circle, which then ends. SEG-04, AUT-01, AUT-03, WHK-01, FND-14.
begin;
select plan(15);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.toy_actions();
create function pg_temp.refresh() returns void language plpgsql as $$
begin while app_private.refresh_segments(tests.id('atlas')) loop null; end loop; end $$;
create function pg_temp.list(name text, rule jsonb default null) returns uuid language plpgsql as $$
begin
  perform tests.act_as('olga');
  perform tests.remember(list.name, (app_public.create_segment(tests.id('atlas'), list.name, list.rule)).id);
  perform tests.act_as('the database');
  perform pg_temp.refresh();
  return tests.id(list.name);
end $$;
create temporary table statements as select 0 as n;
grant all on statements to app_engine;
create function pg_temp.counts() returns trigger language plpgsql as $$
begin update pg_temp.statements set n = n + 1; return null; end $$;
create trigger _990_counts after insert on app_private.events for each statement execute function pg_temp.counts();
create function pg_temp.come(called text, many int) returns void language sql as $$
  with people as (
    insert into app_public.patient_profiles (given_name, family_name, birth_date) select called, 'Pop', '1980-01-01' from generate_series(1, many) returning id
  )
  insert into app_public.patients (organization_id, patient_profile_id) select tests.id('atlas'), people.id from people;
  update statements set n = 0;
  select pg_temp.refresh() $$;
create function pg_temp.locks() returns bigint language sql as $$ select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() $$;
create function pg_temp.said() returns text language sql as $$
  select string_agg(name || ' ' || n, ', ' order by name) from (select name, count(*) as n from app_private.events where name like 'segment.%' group by name) as counted $$;
create function pg_temp.outcomes(rule text, segment text) returns text language sql as $$
  select string_agg(concat_ws(' ', x.outcome, x.reason), ', ' order by x.created_at, x.id)
  from app_public.automation_executions as x join app_private.events on events.id = x.event_id
  where x.automation_rule_id = tests.id(rule) and events.payload ->> 'segmentId' = tests.id(segment)::text $$;

select pg_temp.list('anas', '{"field": "profile.given_name", "operator": "is", "value": "Ana"}');
create temporary table locked as select pg_temp.locks() as before;
select pg_temp.come('Ana', 120);
select is(pg_temp.said(), 'segment.entered 120', 'whoever enters is an event');
select is((select n from statements), 1, 'all are written by one statement');
select is(pg_temp.locks(), (select before from locked), 'without a lock for each, of which a server has not that many');
select is((select count(*)::int from app_private.event_deliveries), 0, 'where nobody asked, nobody is told');
select is((select count(*)::int from app_private.events where position = 1 and depth = 0 and cause_id is null), 120, 'each is the first of its stay, and nobody''s doing');

select tests.automation('greets', 'segment.entered', '[{"action": "toy", "config": {"toy": "hello"}}]',
  jsonb_build_object('field', 'event.segmentId', 'operator', 'is', 'value', tests.id('anas')));
select tests.webhooks('crm', 'atlas', '{segment.left}');
select pg_temp.come('Ana', 3);
select is(tests.automations_follow(), 3, 'an automation asked: it is told');
select is((select count(*)::int from tests.toys_given), 3, 'and acts for each, by a condition on which segment it is');
update app_public.patient_profiles set given_name = 'Ion' where id in (select patient_profile_id from app_public.segment_members order by id desc limit 2);
select pg_temp.refresh();
select is((select count(*)::int from app_private.event_deliveries where consumer = 'webhooks'), 2, 'a webhook is told of who leaves');
select is((select count(*)::int from app_private.events where name = 'segment.left' and position = 2), 2, 'which is the second of the stay');

-- A list whose entry puts into a list, and a rule that follows from what the automation itself did.
select pg_temp.list('called'), pg_temp.list('list'), pg_temp.list('not called', jsonb_build_object('all', jsonb_build_array(
  jsonb_build_object('field', 'profile.given_name', 'operator', 'is', 'value', 'Vlad'), jsonb_build_object('not', jsonb_build_object('segment', tests.id('called'))))));
select tests.automation('fills', 'segment.entered', jsonb_build_array(jsonb_build_object('action', 'update_segment', 'config', jsonb_build_object('segmentId', tests.id('called')))),
  jsonb_build_object('field', 'event.segmentId', 'operator', 'one_of', 'value', jsonb_build_array(tests.id('list'), tests.id('called'))));
select tests.patient('vera');
select app_private.put_in_segment(tests.id('atlas'), tests.id('list'), tests.id('vera at atlas'), true);
select tests.automations_follow();
select is(concat_ws(', ', pg_temp.outcomes('fills', 'list'), pg_temp.outcomes('fills', 'called')), 'done, skipped loop', 'an automation whose action lets it begin again is stopped');
select is((select depth from app_private.events where payload ->> 'segmentId' = tests.id('called')::text), 1, 'what it did counts what led to it');

select tests.automation('calls', 'segment.entered', jsonb_build_array(jsonb_build_object('action', 'update_segment', 'config', jsonb_build_object('segmentId', tests.id('called')))),
  jsonb_build_object('field', 'event.segmentId', 'operator', 'is', 'value', tests.id('not called')));
select tests.automation('takes back', 'segment.left', jsonb_build_array(jsonb_build_object('action', 'update_segment', 'config', jsonb_build_object('segmentId', tests.id('called'), 'isIn', false))),
  jsonb_build_object('field', 'event.segmentId', 'operator', 'is', 'value', tests.id('not called')));
select pg_temp.come('Vlad', 1);
do $$ begin for turn in 1 .. 6 loop perform tests.automations_follow(), pg_temp.refresh(); end loop; end $$;
select is(pg_temp.outcomes('calls', 'not called'), 'done, skipped loop', 'so is one that comes back by way of a rule that the worker looks at');
select is(pg_temp.outcomes('takes back', 'not called'), 'done', 'after the other, whose doing it was');
select is((select string_agg(name || ' ' || depth, ', ' order by id) from app_private.events where payload ->> 'segmentId' = tests.id('not called')::text),
  'segment.entered 0, segment.left 1, segment.entered 2', 'the marks carry the cause to what the look finds');
select is(nullif(current_setting('app.cause_event_id', true), ''), null, 'and leave none behind');
select * from finish();
rollback;
