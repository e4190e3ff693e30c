-- The consumer "automations": the enabled rules of the clinic for an event, in their order. AUT-01, AUT-03.
-- All in the transaction that marks the event as delivered: whoever ends in between has done nothing. A rule that has begun with
-- this event does not begin again, whatever its version.

set role app_engine;

create or replace function app_private.consume_automations(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_rule app_public.automation_rules;
  v_state text;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_automations.event_id;
  for v_rule in
    select automation_rules.*
    from app_public.automation_rules
    where automation_rules.organization_id = v_event.organization_id
      and automation_rules.event_name = v_event.name and automation_rules.is_enabled
      and not exists (
        select from app_public.automation_executions as ran
        where ran.organization_id = v_event.organization_id and ran.event_id = v_event.id
          and ran.automation_rule_id = automation_rules.id)
    order by automation_rules.position
  loop
    begin
      perform app_private.begin_automation(v_event, v_rule);
    exception
      -- What passes by itself is told again, with all that the event calls for.
      when serialization_failure or deadlock_detected or lock_not_available then
        raise;
      when others then
        get stacked diagnostics v_state = returned_sqlstate;
        insert into app_public.automation_executions
          (organization_id, automation_rule_id, automation_rule_version_id, event_id, outcome, reason, details,
           due_at, expires_at, created_at, ended_at)
        select v_rule.organization_id, v_rule.id, versions.id, v_event.id, 'failed', 'error', jsonb_build_object('sqlstate', v_state),
          v_event.occurred_at, v_event.occurred_at, app_hidden.now(), app_hidden.now()
        from app_public.automation_rule_versions as versions
        where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
          and versions.version = v_rule.version;
    end;
  end loop;
end;
$$;

comment on function app_private.consume_automations is 'Begins the automations of the clinic that are for this event.';
grant execute on function app_private.consume_automations to app_worker;

-- One delayed action, in a transaction of its own. What another worker has in hand is passed over.
create or replace function app_private.run_due_automation() returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
  v_state text;
begin
  select automation_executions.id into v_id
  from app_public.automation_executions
  where automation_executions.outcome = 'waiting' and automation_executions.due_at <= app_hidden.now()
  order by automation_executions.due_at
  limit 1
  for update skip locked;
  if not found then
    return null;
  end if;
  begin
    perform app_private.run_execution(v_id, true);
  exception when others then
    -- What fails around the action, such as its conditions, does not keep those behind it from their turn.
    get stacked diagnostics v_state = returned_sqlstate;
    update app_public.automation_executions set
      outcome = case when automation_executions.attempts < 6 then 'waiting' else 'failed' end,
      reason = case when automation_executions.attempts < 6 then 'retry' else 'error' end,
      details = jsonb_build_object('sqlstate', v_state),
      due_at = app_hidden.now() + interval '10 seconds' * power(3, automation_executions.attempts),
      attempts = automation_executions.attempts + 1,
      ended_at = case when automation_executions.attempts < 6 then null else app_hidden.now() end
    where automation_executions.id = v_id;
  end;
  return v_id;
end;
$$;

comment on function app_private.run_due_automation is 'Does the delayed action that is due the longest; null: none is due.';
grant execute on function app_private.run_due_automation to app_worker;

reset role;
