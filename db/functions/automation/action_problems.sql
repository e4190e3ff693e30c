-- What is wrong with one action of a rule: unknown, off its schema, or against what the clinic has. AUT-02.

create or replace function app_private.action_problems(organization_id uuid, action jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_action app_private.automation_actions;
  v_config jsonb := coalesce(action_problems.action -> 'config', '{}');
  v_fits boolean := true;
begin
  for path, reason, details in
    select problem.path, problem.reason, problem.details
    from app_private.config_problems('{
      "type": "object", "additionalProperties": false, "required": ["action"], "properties": {
        "action": {"type": "string"}, "config": {"type": "object"},
        "after": {"type": "object"}, "expires": {"type": "object"}}}', action_problems.action) as problem
  loop
    v_fits := false;
    return next;
  end loop;
  if not v_fits then
    return;
  end if;
  select automation_actions.* into v_action
  from app_private.automation_actions
  where automation_actions.code = action_problems.action ->> 'action';
  if not found then
    return query select '$.action'::text, 'action_unknown'::text, '{}'::jsonb;
    return;
  end if;

  for path, reason, details in
    select problem.path, problem.reason, problem.details
    from app_private.config_problems(v_action.config_schema, v_config, '$.config') as problem
  loop
    v_fits := false;
    return next;
  end loop;
  -- A check function reads a config that has its shape.
  if v_fits and v_action.check_function is not null then
    return query execute format(
      'select ''$.config'' || substr(problem.path, 2), problem.reason, problem.details from app_private.%I($1, $2) as problem',
      v_action.check_function) using action_problems.organization_id, v_config;
  end if;
  if action_problems.action ? 'after' then
    return query select problem.path, problem.reason, problem.details
      from app_private.delay_problem(action_problems.action -> 'after', '$.after') as problem;
  end if;
  if action_problems.action ? 'expires' then
    return query select problem.path, problem.reason, problem.details
      from app_private.config_problems(app_private.expires_schema(), action_problems.action -> 'expires', '$.expires') as problem;
  end if;
end;
$$;

comment on function app_private.action_problems is 'What is wrong with {action, config, after, expires}, each with its path below $.';
grant execute on function app_private.action_problems to app_engine;
