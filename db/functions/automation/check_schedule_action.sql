-- What is scheduled is checked as if it stood by itself. AUT-02.

create or replace function app_private.check_schedule_action(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  if check_schedule_action.config ->> 'action' = 'schedule_action' then
    return query select '$.action'::text, 'not_offered'::text, '{}'::jsonb;
  else
    return query select '$' || substr(problem.path, 2), problem.reason, problem.details
      from app_private.action_problems(
        check_schedule_action.organization_id,
        check_schedule_action.config - 'after') as problem;
  end if;
end;
$$;

comment on function app_private.check_schedule_action is 'What is wrong with the action that is scheduled.';
grant execute on function app_private.check_schedule_action to app_engine;
