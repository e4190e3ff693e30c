-- Whose settings a person is about to change: their own, or those of somebody they care for. FND-15, FND-07.

create or replace function app_private.require_own_person(patient_profile_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.current_account_id() is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_signed_in');
  end if;
  if patient_profile_id is null then
    return app_hidden.current_account_id();
  end if;
  if patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return null;
end;
$$;

comment on function app_private.require_own_person is
  'The caller''s human for null; null for a profile the caller may act for; a refusal for any other.';
grant execute on function app_private.require_own_person to app_engine;
