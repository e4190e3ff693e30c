-- Volatile, so that it sees what the transaction has done until now: an answer out of the snapshot of a statement that
-- changed rights itself would be kept for those that come after it. FND-04.

set role app_engine;

create or replace function app_hidden.keep_rights(question text) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_ids uuid[] := case question
    when 'staff' then app_hidden.current_staff_organization_ids()
    when 'patient' then app_hidden.current_patient_organization_ids()
    when 'people' then app_hidden.current_human_patient_profile_ids()
    when 'specialist' then app_hidden.current_specialist_ids()
    when 'colleagues' then app_hidden.current_colleague_ids()
    else app_hidden.organization_ids_where(question)
  end;
begin
  perform set_config('rights.' || question, app_hidden.asker() || v_ids::text, true);
  return v_ids;
end;
$$;

comment on function app_hidden.keep_rights is 'Finds the answer to a question about the caller, and keeps it for the transaction.';
grant execute on function app_hidden.keep_rights to app_member, app_anonymous;

reset role;
