-- A clinic makes an automation. AUT-01.

set role app_engine;

create or replace function app_public.create_automation(
  organization_id uuid,
  name text,
  event_name text,
  actions jsonb,
  conditions jsonb default '{"all": []}',
  is_enabled boolean default true,
  most_per_day int default 10,
  most_ever int default null
) returns app_public.automation_rules
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(create_automation.organization_id, 'automations.manage');
  return app_private.add_automation(
    create_automation.organization_id, create_automation.name, create_automation.event_name, create_automation.actions,
    create_automation.conditions, coalesce(create_automation.is_enabled, true), create_automation.most_per_day,
    create_automation.most_ever);
end;
$$;

comment on function app_public.create_automation is
  E'@arg eventName What it begins with, one of automationBuilder.\n'
  '@arg actions A list of {action, config, after?, expires?}, done in this order; after: {minutes, hours, days, at}.\n'
  '@arg conditions A rule about the patient and the event; {"all": []} always holds.\n'
  '@arg isEnabled Whether it begins with new events at once.\n'
  '@arg mostPerDay How often it runs for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it runs for one patient at all; null: as often as it happens.\n'
  'Makes an automation, the last in the order of the clinic. Needs automations.manage. VALIDATION automation_not_valid with the '
  'paths of all that is wrong; CONFLICT too_many_automations.';
grant execute on function app_public.create_automation to app_member;

reset role;

create or replace function app_private.add_automation(
  organization_id uuid,
  name text,
  event_name text,
  actions jsonb,
  conditions jsonb,
  is_enabled boolean,
  most_per_day int,
  most_ever int
) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
  v_last int;
begin
  -- In the order of whoever edits one: automations, then the segments that they name.
  perform app_private.lock_automations(add_automation.organization_id);
  perform app_private.lock_named_segments(add_automation.organization_id, add_automation.conditions, add_automation.actions);
  perform app_private.require_automation(
    add_automation.organization_id, add_automation.event_name, add_automation.conditions, add_automation.actions);
  perform app_private.require_most(add_automation.most_per_day, add_automation.most_ever);
  select coalesce(max(automation_rules.position), 0) into v_last
  from app_public.automation_rules
  where automation_rules.organization_id = add_automation.organization_id;
  if v_last >= 100 then
    perform app_hidden.refuse('CONFLICT', 'too_many_automations', '{"most": 100}');
  end if;
  insert into app_public.automation_rules (organization_id, name, event_name, is_enabled, position)
  values (add_automation.organization_id, add_automation.name, add_automation.event_name, add_automation.is_enabled, v_last + 1)
  returning * into v_rule;
  perform app_private.add_automation_version(
    v_rule, add_automation.conditions, add_automation.actions, add_automation.most_per_day, add_automation.most_ever);
  return v_rule;
end;
$$;

comment on function app_private.add_automation is 'Makes an automation with its first version, the last in the order of the clinic.';
grant execute on function app_private.add_automation to app_engine;

create or replace function app_private.add_automation_version(
  rule app_public.automation_rules,
  conditions jsonb,
  actions jsonb,
  most_per_day int,
  most_ever int
) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.automation_rule_versions
    (organization_id, automation_rule_id, version, conditions, actions, most_per_day, most_ever, created_by)
  values ((rule).organization_id, (rule).id, (rule).version, add_automation_version.conditions, add_automation_version.actions,
          add_automation_version.most_per_day, add_automation_version.most_ever, app_private.current_actor_id());
end;

comment on function app_private.add_automation_version is 'Writes what a rule does from now on.';
grant execute on function app_private.add_automation_version to app_engine;

create or replace function app_private.require_most(most_per_day int, most_ever int) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_field text;
begin
  select substr(problem.path, 3) into v_field
  from app_private.config_problems(
    app_private.most_schema(),
    jsonb_strip_nulls(jsonb_build_object('mostPerDay', most_per_day, 'mostEver', most_ever))) as problem
  order by problem.path desc
  limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'most_out_of_bounds', jsonb_build_object(
      'field', v_field, 'most', app_private.most_schema() #> array['properties', v_field, 'maximum']));
  end if;
end;
$$;

comment on function app_private.require_most is 'VALIDATION most_out_of_bounds, naming the field.';
grant execute on function app_private.require_most to app_engine;

-- Whoever changes the order of a clinic's automations, or adds to it, does so alone.
create or replace function app_private.lock_automations(organization_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('automations:' || lock_automations.organization_id, 0));
end;

comment on function app_private.lock_automations is 'Locks the order of a clinic''s automations until the transaction ends.';
grant execute on function app_private.lock_automations to app_engine;
