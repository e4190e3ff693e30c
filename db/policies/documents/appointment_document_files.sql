-- Readable where the document is; written by its verbs. DOC-04.

select app_private.classify('app_public.appointment_document_files', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "created_at"], "phi": ["document_id", "file_id"]}');
select app_private.protect('app_public.appointment_document_files', engine => 'select, insert, delete');

grant select on app_public.appointment_document_files to app_member;

create policy appointment_document_files_select_staff on app_public.appointment_document_files for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('documents.view'))::uuid[])
    -- One look-up a row, and the document's own policies hide those of deleted appointments.
    and exists (select from app_public.appointment_documents where appointment_documents.id = appointment_document_files.document_id)
  );

create policy appointment_document_files_select_patient on app_public.appointment_document_files for select to app_member
  using (
    document_id in (
      select appointment_documents.id from app_public.appointment_documents
      where appointment_documents.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _300_keep before insert or delete on app_public.appointment_document_files
  for each row execute function app_private.tg_appointment_document_files__keep();
