-- schedule_action: does another action later. AUT-02.
-- The delay counts from the event, so an action that is asked again before its time finds the same instant.

create or replace function app_private.act_schedule_action(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_due timestamptz;
begin
  select app_private.delayed(
    events.occurred_at, step.config -> 'after', app_private.zone_of(step.organization_id, step.patient_id)) into strict v_due
  from app_private.events
  where events.id = step.event_id;
  if v_due > app_hidden.now() then
    return ('waiting', 'scheduled', '{}', v_due)::app_private.action_outcome;
  end if;
  return app_private.perform_action(
    (step.organization_id, step.execution_id, step.rule_id, step.rule_version_id, step.event_id, step.action_index,
     step.patient_id, step.patient_profile_id, step.appointment_id, step.config -> 'config')::app_private.action_step,
    step.config ->> 'action');
end;
$$;

comment on function app_private.act_schedule_action is 'Waits for its time, then does the action that its config names.';
grant execute on function app_private.act_schedule_action to app_engine;
