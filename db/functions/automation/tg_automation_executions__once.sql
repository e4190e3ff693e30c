-- What an automation did is not rewritten: only what waits gets its outcome, or another time. AUT-01.
-- A merge of patients moves the row, which changes nothing of what was done.

create or replace function app_private.tg_automation_executions__once() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if to_jsonb(new) - '{outcome,reason,details,due_at,expires_at,attempts,ended_at,patient_profile_id}'::text[]
       <> to_jsonb(old) - '{outcome,reason,details,due_at,expires_at,attempts,ended_at,patient_profile_id}'::text[]
     or (old.outcome <> 'waiting' and to_jsonb(new) - 'patient_profile_id' <> to_jsonb(old) - 'patient_profile_id') then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "automation_executions"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_automation_executions__once is
  'Refuses what changes more of an execution than the outcome of one that waits. Trigger _200_append_only.';
