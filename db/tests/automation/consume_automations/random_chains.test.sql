-- Test: consume_automations - whatever rules begin whatever others, every chain ends and no rule fires twice in one. AUT-03.
begin;
select plan(4);
select setseed(0.41);
select tests.clinic('atlas');
select tests.patient('p' || n) from generate_series(1, 20) n;
select tests.toy_actions();
-- Any event can be published with the same payload.
alter function app_private.payload_problem(jsonb, jsonb) rename to payload_problem_before;
create function app_private.payload_problem(schema jsonb, payload jsonb) returns text language sql stable as 'select null::text';

create temporary table kinds as
select array_agg(name) as names from unnest('{patient.onboarded,patient.profile_completed,patient.booking_block_lifted,form.signed,consent.refused}'::text[]) name;
-- Rules that publish one another's events, one to three each; ten graphs of seven, twenty chains in each.
create function pg_temp.any_event() returns text language sql volatile as $$ select names[1 + floor(random() * 5)::int] from pg_temp.kinds $$;
create function pg_temp.chains(graphs int, each int) returns int language plpgsql as $$
declare
  v_told int := 0;
begin
  for g in 1..graphs loop
    update app_public.automation_rules set is_enabled = false;
    for r in 1..7 loop
      perform tests.automation(format('%s of %s', r, g), pg_temp.any_event(), (
        select jsonb_agg(jsonb_build_object('action', 'toy', 'config', jsonb_build_object('toy', n, 'publishes', pg_temp.any_event())))
        from (select n::text from generate_series(1, 1 + floor(random() * 2)::int) n) as n), most_per_day => 100);
    end loop;
    for c in 1..each loop
      perform tests.happens(pg_temp.any_event(), 'p' || c);
    end loop;
    v_told := v_told + tests.automations_follow();
  end loop;
  return v_told;
end;
$$;
select cmp_ok(pg_temp.chains(10, 20), '>', 300, 'two hundred chains end, each of several events');
select is((select count(*) from app_private.event_deliveries where consumer = 'automations' and delivered_at is null), 0::bigint, 'nothing is left to be told');
select is_empty($$
  with recursive above as (
    select id, id as ancestor from app_private.events
    union all
    select above.id, events.cause_id from above join app_private.events on events.id = above.ancestor where events.cause_id is not null
  )
  select mine.automation_rule_id, mine.event_id
  from (select distinct automation_rule_id, event_id from app_public.automation_executions where action is not null) as mine
  join above on above.id = mine.event_id and above.ancestor <> above.id
  join (select distinct automation_rule_id, event_id from app_public.automation_executions where action is not null) as earlier
    on earlier.event_id = above.ancestor and earlier.automation_rule_id = mine.automation_rule_id$$,
  'no rule fired twice in a chain');
select cmp_ok((select count(*) from app_public.automation_executions where reason = 'loop'), '>', 100::bigint, 'loops were there, and are said');
select * from finish();
rollback;
