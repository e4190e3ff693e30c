-- The rendered file of a document of an appointment. Nobody uploads such a file. DOC-04, FND-13.

create or replace function app_private.file_owner_appointment_document(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select appointment_documents.organization_id,
         appointment_documents.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
           and appointment_documents.organization_id = any (app_hidden.current_patient_organization_ids()),
         false
  from app_public.appointment_documents
  where appointment_documents.id = file_owner_appointment_document.id;
end;

comment on function app_private.file_owner_appointment_document is
  'A document of an appointment as the owner of its file; the own of its patient and of those who care for the patient.';
grant execute on function app_private.file_owner_appointment_document to app_engine;
