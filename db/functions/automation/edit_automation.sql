-- Editing makes a version: what has begun ends by its own. AUT-01.

set role app_engine;

create or replace function app_public.edit_automation(
  automation_rule_id uuid,
  name text,
  actions jsonb,
  conditions jsonb default '{"all": []}',
  most_per_day int default 10,
  most_ever int default null,
  expected_revision int default null
) returns app_public.automation_rules
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(edit_automation.automation_rule_id);
  v_same boolean;
begin
  perform app_private.lock_named_segments(v_rule.organization_id, edit_automation.conditions, edit_automation.actions);
  perform app_private.require_automation(
    v_rule.organization_id, v_rule.event_name, edit_automation.conditions, edit_automation.actions);
  perform app_private.require_most(edit_automation.most_per_day, edit_automation.most_ever);
  select (versions.conditions, versions.actions, versions.most_per_day, versions.most_ever) is not distinct from
         (edit_automation.conditions, edit_automation.actions, edit_automation.most_per_day, edit_automation.most_ever)
  into strict v_same
  from app_public.automation_rule_versions as versions
  where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
    and versions.version = v_rule.version;
  update app_public.automation_rules set
    name = edit_automation.name,
    version = automation_rules.version + case when v_same then 0 else 1 end,
    revision = coalesce(edit_automation.expected_revision, automation_rules.revision)
  where automation_rules.id = v_rule.id
  returning * into v_rule;
  if not v_same then
    perform app_private.add_automation_version(
      v_rule, edit_automation.conditions, edit_automation.actions, edit_automation.most_per_day, edit_automation.most_ever);
  end if;
  return v_rule;
end;
$$;

comment on function app_public.edit_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  '@arg actions A list of {action, config, after?, expires?}, done in this order; after: {minutes, hours, days, at}.\n'
  '@arg conditions A rule about the patient and the event; {"all": []} always holds.\n'
  '@arg mostPerDay How often it runs for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it runs for one patient at all; null: as often as it happens.\n'
  'Changes what an automation does from the next event on; what has begun ends as it began. Unchanged, it makes no version. '
  'Needs automations.manage. NOT_FOUND; CONFLICT changed_meanwhile; VALIDATION automation_not_valid with the paths of all that is wrong.';
grant execute on function app_public.edit_automation to app_member;

reset role;

-- Under the lock of the clinic's automations, so that two who edit make two versions.
create or replace function app_private.own_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  select automation_rules.* into v_rule
  from app_public.automation_rules
  where automation_rules.id = own_automation.automation_rule_id;
  -- What is not there is nobody's clinic: NOT_FOUND as for a stranger.
  perform app_private.require_permission(v_rule.organization_id, 'automations.manage');
  perform app_private.lock_automations(v_rule.organization_id);
  select automation_rules.* into v_rule
  from app_public.automation_rules
  where automation_rules.id = v_rule.id and automation_rules.removed_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_rule;
end;
$$;

comment on function app_private.own_automation is
  'An automation that the caller may edit, with those of the clinic locked; NOT_FOUND for strangers, FORBIDDEN for a colleague without automations.manage.';
grant execute on function app_private.own_automation to app_engine;
