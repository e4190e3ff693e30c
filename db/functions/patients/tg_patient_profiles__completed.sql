-- A fact that becomes known may be the last that a clinic waited for. FND-32.

set role app_engine;

create or replace function app_private.tg_patient_profiles__completed() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.note_complete_profile(patients.organization_id, patients.id)
  from app_public.patients
  where patients.patient_profile_id = new.id and patients.profile_completed_at is null and patients.deleted_at is null;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__completed is
  'Tells that the profile is complete, at each clinic of the person where it was not. Trigger _600_completed.';

reset role;

create or replace trigger _600_completed after update of email, phone, birth_date on app_public.patient_profiles
  for each row when (
    old.email is null and new.email is not null
    or old.phone is null and new.phone is not null
    or old.birth_date is null and new.birth_date is not null)
  execute function app_private.tg_patient_profiles__completed();
