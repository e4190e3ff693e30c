-- An automation leaves the clinic's list, or the list has another order. AUT-01.

set role app_engine;

create or replace function app_public.remove_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(remove_automation.automation_rule_id);
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'disabled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_public.automation_executions as waiting
    where waiting.organization_id = v_rule.organization_id and waiting.automation_rule_id = v_rule.id
      and waiting.outcome = 'waiting'
    for update of waiting skip locked);
  update app_public.automation_rules set is_enabled = false, position = null, removed_at = app_hidden.now()
  where automation_rules.id = v_rule.id
  returning * into v_rule;
  perform app_private.place_automations(v_rule.organization_id, array(
    select automation_rules.id
    from app_public.automation_rules
    where automation_rules.organization_id = v_rule.organization_id and automation_rules.removed_at is null
    order by automation_rules.position));
  return v_rule;
end;
$$;

comment on function app_public.remove_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'Takes it out of the clinic''s automations, with what waits; what it did stays to be read. Needs automations.manage. NOT_FOUND.';
grant execute on function app_public.remove_automation to app_member;

create or replace function app_public.reorder_automations(organization_id uuid, automation_rule_ids uuid[])
returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  perform app_private.require_permission(reorder_automations.organization_id, 'automations.manage');
  perform app_private.lock_automations(reorder_automations.organization_id);
  if (select array_agg(automation_rules.id order by automation_rules.id)
      from app_public.automation_rules
      where automation_rules.organization_id = reorder_automations.organization_id and automation_rules.removed_at is null)
     is distinct from (select array_agg(given.id order by given.id) from unnest(reorder_automations.automation_rule_ids) as given (id)) then
    perform app_hidden.refuse('CONFLICT', 'automations_have_changed');
  end if;
  perform app_private.place_automations(reorder_automations.organization_id, reorder_automations.automation_rule_ids);
  select automation_rules.* into v_rule
  from app_public.automation_rules where automation_rules.id = reorder_automations.automation_rule_ids[1];
  return v_rule;
end;
$$;

comment on function app_public.reorder_automations is
  E'@arg automationRuleIds All automations of the clinic, in the order in which they are to begin.\n'
  'Puts the automations of a clinic in order and answers the first. Needs automations.manage. CONFLICT automations_have_changed '
  'where the list is not the clinic''s.';
grant execute on function app_public.reorder_automations to app_member;

reset role;

-- By way of places that nobody has: a place is never two automations'.
create or replace function app_private.place_automations(organization_id uuid, automation_rule_ids uuid[]) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.automation_rules set position = automation_rules.position + 1000
  where automation_rules.organization_id = place_automations.organization_id and automation_rules.removed_at is null;
  update app_public.automation_rules set position = given.place
  from unnest(place_automations.automation_rule_ids) with ordinality as given (id, place)
  where automation_rules.organization_id = place_automations.organization_id and automation_rules.id = given.id;
end;

comment on function app_private.place_automations is 'Puts the automations of a clinic in this order, from 1.';
grant execute on function app_private.place_automations to app_engine;
