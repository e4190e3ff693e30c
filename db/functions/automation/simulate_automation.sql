-- What an automation would have done about what happened lately. AUT-03.
-- It is the engine itself that runs, on a copy of the rule, inside a subtransaction that is always taken back: what is told is what
-- would be, refusals and missing consents included, and nothing is sent or written. docs/decisions/0142.

set role app_engine;

create or replace function app_public.simulate_automation(
  organization_id uuid,
  days int,
  automation_rule_id uuid default null,
  event_name text default null,
  conditions jsonb default null,
  actions jsonb default null,
  most_per_day int default 10,
  most_ever int default null
) returns setof app_public.simulated_action
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
  v_version app_public.automation_rule_versions;
  v_event app_private.events;
  v_began constant timestamptz := clock_timestamp();
  v_told app_public.simulated_action[];
begin
  perform app_private.require_permission(simulate_automation.organization_id, 'automations.manage');
  if days is null or days not between 1 and 90 then
    perform app_hidden.refuse('VALIDATION', 'simulation_too_long', '{"field": "days", "most": 90}');
  end if;
  v_version.conditions := coalesce(simulate_automation.conditions, '{"all": []}');
  v_version.actions := simulate_automation.actions;
  v_version.most_per_day := simulate_automation.most_per_day;
  v_version.most_ever := simulate_automation.most_ever;
  v_rule.event_name := simulate_automation.event_name;
  if simulate_automation.automation_rule_id is not null then
    select automation_rules.* into v_rule
    from app_public.automation_rules
    where automation_rules.organization_id = simulate_automation.organization_id
      and automation_rules.id = simulate_automation.automation_rule_id and automation_rules.removed_at is null;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    select versions.* into strict v_version
    from app_public.automation_rule_versions as versions
    where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
      and versions.version = v_rule.version;
  end if;
  perform app_private.require_automation(
    simulate_automation.organization_id, v_rule.event_name, v_version.conditions, v_version.actions);
  perform app_private.require_most(v_version.most_per_day, v_version.most_ever);

  begin
    -- The worker acts for nobody.
    perform set_config('app.principal_id', '', true);
    v_rule := app_private.copy_of_automation(simulate_automation.organization_id, v_rule.event_name, v_version);
    for v_event in
      select recent.*
      from (
        select events.*
        from app_private.events
        where events.organization_id = simulate_automation.organization_id and events.name = v_rule.event_name
          and events.occurred_at > app_hidden.now() - make_interval(days => simulate_automation.days)
        order by events.occurred_at desc
        limit 200
      ) as recent
      order by recent.occurred_at, recent.id
    loop
      exit when clock_timestamp() - v_began > interval '5 seconds';
      perform app_private.begin_automation(v_event, v_rule);
    end loop;
    select array_agg(
      row(ran.event_id, events.occurred_at, ran.patient_profile_id, ran.action_index, ran.action, ran.outcome, ran.reason,
          ran.due_at)::app_public.simulated_action
      order by events.occurred_at desc, ran.event_id desc, ran.action_index) into v_told
    from app_public.automation_executions as ran
    join app_private.events on events.organization_id = ran.organization_id and events.id = ran.event_id
    where ran.organization_id = simulate_automation.organization_id and ran.automation_rule_id = v_rule.id;
    raise exception using errcode = 'RXDRY', message = 'simulated';
  exception when sqlstate 'RXDRY' then
    null;
  end;
  return query select told.* from unnest(v_told) as told;
end;
$$;

comment on function app_public.simulate_automation is
  E'@arg days How many days back, at most 90.\n'
  '@arg automationRuleId An automation of the clinic, as it stands; null where what follows is tried.\n'
  '@arg eventName What it would begin with.\n'
  '@arg conditions A rule about the patient and the event; null: it always holds.\n'
  '@arg actions A list of {action, config, after?, expires?}.\n'
  '@arg mostPerDay How often it would run for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it would run for one patient at all, within what is tried; null: as often as it happened.\n'
  'What an automation would have done about the last 200 such events of these days, as patients and consents are today, the latest '
  'first; for five seconds at most. Sends and changes nothing. Needs automations.manage. VALIDATION automation_not_valid, most_out_of_bounds, '
  'simulation_too_long.';
grant execute on function app_public.simulate_automation to app_member;

reset role;

-- By itself, so that caps count what the simulation does and nothing else; no consumer is told of it.
create or replace function app_private.copy_of_automation(
  organization_id uuid,
  event_name text,
  version app_public.automation_rule_versions
) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  insert into app_public.automation_rules (organization_id, name, event_name, is_enabled, removed_at)
  values (copy_of_automation.organization_id, 'simulation', copy_of_automation.event_name, false, app_hidden.now())
  returning * into v_rule;
  perform app_private.add_automation_version(
    v_rule, version.conditions, version.actions, version.most_per_day, version.most_ever);
  return v_rule;
end;
$$;

comment on function app_private.copy_of_automation is 'A copy that is in no list and begins with nothing, for a simulation to be taken back.';
grant execute on function app_private.copy_of_automation to app_engine;
