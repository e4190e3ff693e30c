-- What a draft says is written again; what is issued is not. DOC-04.

set role app_engine;

create or replace function app_public.edit_document(document_id uuid, content jsonb, file_ids uuid[] default null)
returns app_public.appointment_documents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_document app_public.appointment_documents := app_private.locked_document(edit_document.document_id);
begin
  perform app_private.require_draft(v_document);
  perform app_private.require_document_content((
    select version.editor_state from app_public.pdf_template_versions as version
    where version.organization_id = v_document.organization_id and version.id = v_document.version_id), edit_document.content, false);
  update app_public.appointment_documents set content = edit_document.content
  where appointment_documents.id = v_document.id
  returning * into v_document;
  if edit_document.file_ids is not null then
    perform app_private.set_document_files(v_document, edit_document.file_ids);
  end if;
  return v_document;
end;
$$;

comment on function app_public.edit_document is
  E'@arg content What is written into the inputs of the template, by the key of each.\n'
  '@arg fileIds Files of the appointment that go with it; left out, they stay.\n'
  'Writes a draft again. For its specialist, or with documents.manage. NOT_FOUND; IMMUTABLE document_is_issued; VALIDATION answers_not_valid.';
grant execute on function app_public.edit_document to app_member;

reset role;

create or replace function app_private.locked_document(document_id uuid) returns app_public.appointment_documents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_document app_public.appointment_documents;
begin
  select appointment_documents.* into v_document
  from app_public.appointment_documents
  join app_public.appointments
    on appointments.organization_id = appointment_documents.organization_id and appointments.id = appointment_documents.appointment_id
   and appointments.deleted_at is null
  where appointment_documents.id = locked_document.document_id
    and (appointment_documents.organization_id = any (app_hidden.organization_ids_where('documents.view'))
         or appointment_documents.specialist_id = any (app_hidden.current_specialist_ids()))
  for no key update of appointment_documents;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_right_to_document(v_document.organization_id, v_document.specialist_id);
  return v_document;
end;
$$;

comment on function app_private.locked_document is
  'A document that the caller may write, locked; NOT_FOUND for one that they do not see, FORBIDDEN permission_missing.';
grant execute on function app_private.locked_document to app_engine;

create or replace function app_private.require_draft(document app_public.appointment_documents) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (document).status <> 'draft' then
    perform app_hidden.refuse('IMMUTABLE', 'document_is_issued', jsonb_build_object('documentId', (document).id));
  end if;
end;
$$;

comment on function app_private.require_draft is 'IMMUTABLE document_is_issued for a document that is no draft any more.';
grant execute on function app_private.require_draft to app_engine;
