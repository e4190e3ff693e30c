-- What is issued is corrected by another one: a draft with the same content, which takes its place when it is issued. DOC-04.

set role app_engine;

create or replace function app_public.replace_document(document_id uuid, reason text) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_document constant app_public.appointment_documents := app_private.locked_document(replace_document.document_id);
  v_version app_public.pdf_template_versions;
  v_successor app_public.appointment_documents;
begin
  if v_document.status <> 'issued' then
    perform app_hidden.refuse('STATE', 'illegal_move', jsonb_build_object(
      'entity', 'appointment_documents', 'from', v_document.status, 'to', 'replaced',
      'legal', app_private.legal_moves('appointment_documents', v_document.status)));
  end if;
  select successor.* into v_successor
  from app_public.appointment_documents as successor
  where successor.organization_id = v_document.organization_id and successor.replaces_id = v_document.id;
  if found then
    perform app_hidden.refuse('STATE', 'is_being_replaced', jsonb_build_object('documentId', v_successor.id));
  end if;
  select version.* into strict v_version
  from app_public.pdf_template_versions as version
  where version.organization_id = v_document.organization_id and version.id = v_document.version_id;
  insert into app_public.appointment_documents
    (organization_id, appointment_id, patient_profile_id, specialist_id, kind, template_id, version_id, title, locale, content,
     replaces_id, reason, created_by)
  values (v_document.organization_id, v_document.appointment_id, v_document.patient_profile_id, v_document.specialist_id, v_version.kind,
          v_version.template_id, v_version.id, v_document.title, v_document.locale, v_document.content, v_document.id,
          app_private.require_reason(replace_document.reason), app_private.current_actor_id())
  returning * into v_successor;
  insert into app_public.appointment_document_files (organization_id, document_id, file_id)
  select attached.organization_id, v_successor.id, attached.file_id
  from app_public.appointment_document_files as attached
  where attached.organization_id = v_document.organization_id and attached.document_id = v_document.id;
  return v_successor;
end;
$$;

comment on function app_public.replace_document is
  'Begins the successor of an issued document, with its content and files: a draft that takes its place when it is issued. For its '
  'specialist, or with documents.manage. NOT_FOUND; STATE illegal_move, is_being_replaced.';
grant execute on function app_public.replace_document to app_member;

reset role;
