-- Staff with documents.view, and the patient and those who care for the patient once it is issued. Written by verbs only; what is
-- issued is written by nobody. DOC-03, DOC-04.

select app_private.classify('app_public.appointment_documents', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "locale", "number_year", "number", "issued_by", "created_by", "created_at", "updated_at"],
    "phi": ["appointment_id", "patient_profile_id", "specialist_id", "kind", "template_id", "version_id", "title", "content", "status",
            "issued_at", "signature_id", "replaces_id", "reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointment_documents', 'patient_profile_id', 'follows');
select app_private.protect('app_public.appointment_documents', engine => 'select, insert, update', guard => true);

grant select on app_public.appointment_documents to app_member;

create policy appointment_documents_select_staff on app_public.appointment_documents for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('documents.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_documents.appointment_id)
  );

create policy appointment_documents_select_patient on app_public.appointment_documents for select to app_member
  using (
    issued_at is not null
    and patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and exists (select from app_public.appointments where appointments.id = appointment_documents.appointment_id)
  );

create or replace trigger _300_keep before update or delete on app_public.appointment_documents
  for each row execute function app_private.tg_appointment_documents__keep();

create or replace trigger _300_keeps_every_document before truncate on app_public.appointment_documents
  for each statement execute function app_private.tg_frozen();
