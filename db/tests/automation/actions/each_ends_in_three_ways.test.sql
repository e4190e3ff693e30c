-- Test: actions - every action of the catalog has its effect once, skips for its reason, and leaves nothing where it fails. AUT-02.
begin;
select plan(1 + 14 * 6);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', '{"mon": [["08:00", "20:00"]]}'), tests.calendar('mondays', '{ana}');
select tests.arrange_action_kinds();
select results_eq('select action from tests.action_kinds() order by action', 'select code from app_private.automation_actions order by code',
  'every action of the catalog has a case');

create function pg_temp.left_by(effects text) returns bigint language plpgsql as $$
declare v_count bigint;
begin
  execute effects into v_count;
  return v_count;
end $$;
-- It happens; what waits is done two days later.
create function pg_temp.run(name text) returns text language plpgsql as $$
declare v_said text;
begin
  perform tests.freeze_time('2027-03-01 10:00+02');
  perform tests.happens('patient.profile_completed', name);
  perform tests.automations_follow();
  perform tests.freeze_time('2027-03-03 10:00+02');
  perform tests.automations_due();
  perform tests.freeze_time('2027-03-01 10:00+02');
  select concat_ws(' ', outcome, reason) into v_said from app_public.automation_executions
  where automation_rule_id = tests.id('rule of ' || name) order by id desc limit 1;
  return v_said;
end $$;
-- The row is there, and then something refuses.
create function pg_temp.refuses() returns trigger language plpgsql as $$
begin
  perform app_hidden.refuse('CONFLICT', 'toy_is_broken');
  return null;
end $$;

create function pg_temp.walk(name text, effects text, written_to regclass, skipped_by text, skipped_because text) returns setof text language plpgsql as $$
begin
  update app_public.automation_rules set is_enabled = automation_rules.id = tests.id('rule of ' || walk.name);
  execute format('create trigger _999_refuses after insert on %s for each row execute function pg_temp.refuses()', written_to);
  return next is(pg_temp.run(name), 'failed toy_is_broken', name || ' fails with the reason of the refusal');
  return next is(pg_temp.left_by(effects), 0::bigint, name || ' leaves nothing then');
  execute format('drop trigger _999_refuses on %s', written_to);
  return next is(pg_temp.run(name), 'done', name || ' is done');
  return next is(pg_temp.left_by(effects), 1::bigint, name || ' has its effect');
  if skipped_by is not null then
    execute skipped_by;
    perform tests.act_as('the database');
  end if;
  return next is(pg_temp.run(name), 'skipped ' || skipped_because, name || ' skips for its reason');
  return next is(pg_temp.left_by(effects), 1::bigint, name || ' has its effect once');
end $$;

select tests.act_as('adrian');
select tests.remember('rule of ' || action, (app_public.create_automation(tests.id('atlas'), action, 'patient.profile_completed',
  jsonb_build_array(jsonb_build_object('action', action, 'config', config)))).id) from tests.action_kinds();
select tests.act_as('the database');
select pg_temp.walk(action, effects, written_to, skipped_by, skipped_because) from tests.action_kinds();
select * from finish();
rollback;
