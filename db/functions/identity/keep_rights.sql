-- Volatile, so that it sees what the transaction has done until now: an answer out of the snapshot of a statement that
-- changed rights itself would be kept for those that come after it. FND-04.

set role app_engine;

create or replace function app_hidden.keep_rights(question text) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_kept text;
begin
  -- Statements rather than one expression: an expression is made ready with all its branches, and this one runs once.
  case keep_rights.question
    when 'staff' then v_ids := app_hidden.current_staff_organization_ids();
    when 'patient' then v_ids := app_hidden.current_patient_organization_ids();
    when 'people' then v_ids := app_hidden.current_human_patient_profile_ids();
    when 'specialist' then v_ids := app_hidden.current_specialist_ids();
    when 'colleagues' then v_ids := app_hidden.current_colleague_ids();
    else v_ids := app_hidden.organization_ids_where(keep_rights.question);
  end case;
  v_kept := set_config('rights.' || keep_rights.question, app_hidden.asker() || v_ids::text, true);
  return v_ids;
end;
$$;

comment on function app_hidden.keep_rights is 'Finds the answer to a question about the caller, and keeps it for the transaction.';
grant execute on function app_hidden.keep_rights to app_member, app_anonymous;

reset role;
