-- What is wrong with a rule as it is given, all at once, each with its path. AUT-01, AUT-02.

create or replace function app_private.automation_problems(
  organization_id uuid,
  event_name text,
  conditions jsonb,
  actions jsonb
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_event app_private.automation_events;
begin
  select automation_events.* into v_event
  from app_private.automation_events
  where automation_events.event_name = automation_problems.event_name;
  if not found then
    return query select '$.eventName'::text, 'event_not_offered'::text, '{}'::jsonb;
    return;
  end if;
  if automation_problems.conditions is distinct from '{"all": []}' then
    return query
      select '$.conditions' || substr(problem.path, 2), problem.reason, problem.details
      from app_private.rule_problems(
        automation_problems.organization_id, automation_problems.conditions, automation_problems.event_name) as problem;
  end if;
  if jsonb_typeof(automation_problems.actions) is distinct from 'array'
    or (jsonb_typeof(automation_problems.actions) = 'array' and jsonb_array_length(automation_problems.actions) not between 1 and 20) then
    return query select '$.actions'::text, 'out_of_bounds'::text, '{"least": 1, "most": 20}'::jsonb;
    return;
  end if;
  return query
    select format('$.actions[%s]%s', given.place - 1, substr(problem.path, 2)), problem.reason, problem.details
    from jsonb_array_elements(automation_problems.actions) with ordinality as given (action, place)
    cross join lateral app_private.action_problems(automation_problems.organization_id, given.action) as problem;
  -- What is scheduled needs what it would need by itself.
  return query
    select format('$.actions[%s].action', given.place - 1), 'event_lacks'::text, jsonb_build_object('needs', to_jsonb(known.needs))
    from jsonb_array_elements(automation_problems.actions) with ordinality as given (action, place)
    join app_private.automation_actions as known
      on known.code in (given.action ->> 'action', given.action #>> '{config,action}')
    where not known.needs <@ v_event.has;
end;
$$;

comment on function app_private.automation_problems is
  'Everything that is wrong with an event, conditions and actions, with paths like $.actions[0].config.templateId.';
grant execute on function app_private.automation_problems to app_engine;

create or replace function app_private.require_automation(
  organization_id uuid,
  event_name text,
  conditions jsonb,
  actions jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_problems jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('path', problem.path, 'reason', problem.reason, 'details', problem.details)), '[]')
  into v_problems
  from app_private.automation_problems(
    require_automation.organization_id, require_automation.event_name, require_automation.conditions,
    require_automation.actions) as problem;
  if v_problems <> '[]' then
    perform app_hidden.refuse('VALIDATION', 'automation_not_valid', jsonb_build_object(
      'count', jsonb_array_length(v_problems), 'fields', jsonb_path_query_array(v_problems, '$[0 to 99]')));
  end if;
end;
$$;

comment on function app_private.require_automation is
  'Passes where nothing is wrong; else VALIDATION automation_not_valid with fields: [{path, reason, details}], the first hundred.';
grant execute on function app_private.require_automation to app_engine;
