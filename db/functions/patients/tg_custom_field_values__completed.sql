-- A value of a field of the clinic may be the last that it waited for. FND-32.

set role app_engine;

create or replace function app_private.tg_custom_field_values__completed() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.note_complete_profile(patients.organization_id, patients.id)
  from app_public.patients
  where patients.organization_id = new.organization_id and patients.patient_profile_id = new.patient_profile_id;
  return new;
end;
$$;

comment on function app_private.tg_custom_field_values__completed is
  'Tells that the profile of the patient is complete. Trigger _600_completed.';

reset role;

create or replace trigger _600_completed after insert on app_public.custom_field_values
  for each row when (new.patient_profile_id is not null)
  execute function app_private.tg_custom_field_values__completed();
