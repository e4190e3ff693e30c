-- Does one action in a subtransaction: a refusal takes back what it did, and the others go on. AUT-02, AUT-03.
-- What passes by itself (two transactions in each other's way) is not the end of it: it waits and is tried again.

create or replace function app_private.perform_action(step app_private.action_step, action text, attempts int default 0)
returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_function text;
  v_outcome app_private.action_outcome;
  v_state text;
  v_reason text;
  v_detail text;
  v_code text;
begin
  select automation_actions.act_function into v_function
  from app_private.automation_actions
  where automation_actions.code = perform_action.action;
  if not found then
    return ('failed', 'action_unknown', '{}', null)::app_private.action_outcome;
  end if;

  begin
    execute format('select * from app_private.%I($1)', v_function) into v_outcome using perform_action.step;
    -- What was deferred fails here, where it is this action's.
    set constraints all immediate;
    set constraints all deferred;
    return v_outcome;
  exception
    when serialization_failure or deadlock_detected or lock_not_available then
      get stacked diagnostics v_state = returned_sqlstate;
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = pg_exception_detail;
  end;

  if v_reason is null and perform_action.attempts < 6 then
    return ('waiting', 'retry', jsonb_build_object('sqlstate', v_state),
            app_hidden.now() + interval '10 seconds' * power(3, perform_action.attempts))::app_private.action_outcome;
  end if;
  select error_codes.code into v_code from app_hidden.error_codes where error_codes.sqlstate = v_state;
  if v_code is null then
    -- Not one of our refusals: its text could quote what people wrote.
    return ('failed', 'error', jsonb_build_object('sqlstate', v_state), null)::app_private.action_outcome;
  end if;
  return ('failed', v_reason, jsonb_build_object(
    'code', v_code, 'details', coalesce(nullif(v_detail, '')::jsonb, '{}')), null)::app_private.action_outcome;
end;
$$;

comment on function app_private.perform_action is
  'Calls the function of an action and answers its outcome; a refusal becomes failed with its code and reason, and takes '
  'back what the action did. A failure that passes becomes waiting, six times.';
grant execute on function app_private.perform_action to app_engine;
