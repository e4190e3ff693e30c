-- An automation begins with new events, or does not. AUT-01.

set role app_engine;

create or replace function app_public.enable_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(enable_automation.automation_rule_id);
  v_version app_public.automation_rule_versions;
begin
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions
  where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
    and versions.version = v_rule.version;
  -- What it names may be gone since it was saved.
  perform app_private.lock_named_segments(v_rule.organization_id, v_version.conditions, v_version.actions);
  perform app_private.require_automation(v_rule.organization_id, v_rule.event_name, v_version.conditions, v_version.actions);
  update app_public.automation_rules set is_enabled = true where automation_rules.id = v_rule.id returning * into v_rule;
  return v_rule;
end;
$$;

comment on function app_public.enable_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'From now on it begins with new events. Needs automations.manage. NOT_FOUND; VALIDATION automation_not_valid where what it names is gone.';
grant execute on function app_public.enable_automation to app_member;

create or replace function app_public.disable_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(disable_automation.automation_rule_id);
begin
  update app_public.automation_rules set is_enabled = false where automation_rules.id = v_rule.id returning * into v_rule;
  return v_rule;
end;
$$;

comment on function app_public.disable_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'It begins with nothing more, and what waits is skipped when it is due. Needs automations.manage. NOT_FOUND.';
grant execute on function app_public.disable_automation to app_member;

reset role;
