-- Does an action that waits, and writes what became of it. Whoever calls has locked the row, or made it. AUT-01, AUT-03.

create or replace function app_private.run_execution(execution_id uuid, again boolean) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution app_public.automation_executions;
  v_rule app_public.automation_rules;
  v_version app_public.automation_rule_versions;
  v_event app_private.events;
  v_person record;
  v_outcome app_private.action_outcome;
begin
  select automation_executions.* into strict v_execution
  from app_public.automation_executions where automation_executions.id = run_execution.execution_id;
  select automation_rules.* into strict v_rule
  from app_public.automation_rules where automation_rules.id = v_execution.automation_rule_id;
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions where versions.id = v_execution.automation_rule_version_id;
  select events.* into strict v_event from app_private.events where events.id = v_execution.event_id;
  select person.* into v_person from app_private.event_person(v_event) as person;

  -- What was delayed is asked again: much may have happened since.
  if run_execution.again then
    v_outcome.reason := case
      when not v_rule.is_enabled then 'disabled'
      when v_person.is_here is not true or app_private.is_undone(v_event) then 'cancelled'
      when v_execution.expires_at < app_hidden.now() then 'expired'
      when v_version.conditions <> '{"all": []}'
        and not app_private.rule_holds(v_rule.organization_id, v_person.patient_id, v_version.conditions, v_event.id) then 'condition'
    end;
  end if;
  if v_outcome.reason is not null then
    v_outcome.outcome := 'skipped';
  else
    perform set_config('app.cause_event_id', v_event.id::text, true);
    v_outcome := app_private.perform_action(
      (v_rule.organization_id, v_execution.id, v_rule.id, v_version.id, v_event.id, v_execution.action_index,
       v_person.patient_id, v_person.patient_profile_id, v_person.appointment_id,
       coalesce(v_version.actions -> v_execution.action_index -> 'config', '{}'))::app_private.action_step,
      v_execution.action, v_execution.attempts);
    perform set_config('app.cause_event_id', '', true);
  end if;

  -- Quiet hours and failures that pass put it off until it expires; a time that was set is its time.
  if v_outcome.outcome = 'waiting' and v_outcome.reason is distinct from 'scheduled' and v_outcome.until > v_execution.expires_at then
    v_outcome.outcome := 'skipped';
    v_outcome.reason := coalesce(v_outcome.reason, 'expired');
  end if;
  update app_public.automation_executions set
    outcome = v_outcome.outcome,
    reason = coalesce(v_outcome.reason, case when v_outcome.outcome in ('skipped', 'failed') then 'error' end),
    details = coalesce(v_outcome.details, '{}'),
    attempts = automation_executions.attempts + 1,
    due_at = case when v_outcome.outcome = 'waiting' then v_outcome.until else automation_executions.due_at end,
    expires_at = case when v_outcome.outcome = 'waiting' and v_outcome.reason = 'scheduled'
      then v_outcome.until + interval '3 days' else automation_executions.expires_at end,
    ended_at = case when v_outcome.outcome <> 'waiting' then app_hidden.now() end
  where automation_executions.id = v_execution.id;
end;
$$;

comment on function app_private.run_execution is
  'Does the action of an execution that waits and records its outcome; again: what was delayed is checked once more before.';
grant execute on function app_private.run_execution to app_engine;
