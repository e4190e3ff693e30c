-- Files of an appointment: findings, letters and pictures. FND-13, FND-04.

create or replace function app_private.file_owner_appointment(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select appointments.organization_id,
         appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
           and appointments.organization_id = any (app_hidden.current_patient_organization_ids()),
         appointments.deleted_at is not null
  from app_public.appointments
  where appointments.id = file_owner_appointment.id;
end;

comment on function app_private.file_owner_appointment is
  'An appointment as the owner of files; the own of its patient and of those who care for the patient.';
grant execute on function app_private.file_owner_appointment to app_engine;
