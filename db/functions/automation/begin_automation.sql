-- A rule begins with an event: either with a reason why not, or with a row for each action, of which those that are due are done
-- in their order. AUT-01, AUT-03.

create or replace function app_private.begin_automation(event app_private.events, rule app_public.automation_rules) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.automation_rule_versions;
  v_person record;
  v_reason text;
  v_zone text;
  v_execution record;
begin
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions
  where versions.organization_id = rule.organization_id and versions.automation_rule_id = rule.id
    and versions.version = rule.version;
  select person.* into v_person from app_private.event_person(event) as person;
  v_reason := case when v_person.is_here is not true then 'cancelled'
    else app_private.why_not(event, rule, v_version, v_person.patient_id, v_person.patient_profile_id) end;
  if v_reason is not null then
    insert into app_public.automation_executions
      (organization_id, automation_rule_id, automation_rule_version_id, event_id, patient_profile_id, outcome, reason,
       due_at, expires_at, created_at, ended_at)
    values (rule.organization_id, rule.id, v_version.id, event.id, v_person.patient_profile_id, 'skipped', v_reason,
            event.occurred_at, event.occurred_at, app_hidden.now(), app_hidden.now());
    return;
  end if;

  v_zone := app_private.zone_of(rule.organization_id, v_person.patient_id);
  for v_execution in
    with planned as (
      insert into app_public.automation_executions
        (organization_id, automation_rule_id, automation_rule_version_id, event_id, action_index, action, patient_profile_id,
         outcome, due_at, expires_at, created_at)
      select rule.organization_id, rule.id, v_version.id, event.id, given.place - 1, given.action ->> 'action',
        v_person.patient_profile_id, 'waiting', due.at,
        due.at + make_interval(
          hours => coalesce((given.action #>> '{expires,hours}')::int, 0),
          days => coalesce((given.action #>> '{expires,days}')::int, case when given.action ? 'expires' then 0 else 3 end)),
        app_hidden.now()
      from jsonb_array_elements(v_version.actions) with ordinality as given (action, place)
      cross join lateral (
        select app_private.delayed(event.occurred_at, coalesce(given.action -> 'after', '{}'), v_zone) as at) as due
      returning id, action_index, due_at
    )
    select planned.id from planned where planned.due_at <= app_hidden.now() order by planned.action_index
  loop
    perform app_private.run_execution(v_execution.id, false);
  end loop;
end;
$$;

comment on function app_private.begin_automation is
  'Plans the actions of a rule about an event and does those that are due; or records why the rule does not begin.';
grant execute on function app_private.begin_automation to app_engine;
