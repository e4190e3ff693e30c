-- The patient hears that a report or a recommendation can be opened. It says nothing of what it is about: that is read where rights are
-- asked. A signed form brings no message: whoever signed was there. DOC-04, FND-15.

create or replace function app_private.messages_about_document(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_person_id uuid;
begin
  select appointment_documents.patient_profile_id into v_person_id
  from app_public.appointment_documents
  where appointment_documents.organization_id = event.organization_id
    and appointment_documents.id = (event.payload ->> 'documentId')::uuid and appointment_documents.status = 'issued';
  if found then
    perform app_private.notify(
      event.organization_id, 'document_ready', jsonb_build_object('documentId', event.payload -> 'documentId'),
      patient_profile_id => v_person_id, event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_document is 'Queues what document.rendered calls for: a note to the patient of a report or a prescription.';
grant execute on function app_private.messages_about_document to app_engine;
