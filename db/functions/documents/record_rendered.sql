-- The bytes of a document lie in the object store: from now on it is a file, readable where the document is, and whoever may read it
-- hears of it. Told twice, the second time does nothing. DOC-02, DOC-04, DOC-05.

set role app_engine;

create or replace function app_private.record_rendered(document_id uuid, sha256 text, size_bytes bigint, pages int) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_frozen app_private.document_inputs;
  v_claim record;
  v_file_id constant uuid := record_rendered.document_id;
  v_payload jsonb;
begin
  select document_inputs.* into v_frozen
  from app_private.document_inputs
  where document_inputs.document_id = record_rendered.document_id
  for update;
  select * into v_claim from app_private.claim_rendering(record_rendered.document_id);
  if not found or v_claim.is_rendered then
    return false;
  end if;
  -- The file has the id of its document: nobody uploads it, and each document has one.
  insert into app_public.files
    (id, organization_id, surface, audience, owner_kind, owner_id, filename, content_type, size_bytes, sha256, object_key, uploaded_by, expires_at)
  select v_file_id, v_frozen.organization_id, surface.key, surface.audience, surface.owner_kind,
         coalesce(v_frozen.appointment_document_id, (
           select form_documents.form_id from app_public.form_documents
           where form_documents.organization_id = v_frozen.organization_id and form_documents.id = v_frozen.form_document_id)),
         app_private.document_filename(v_frozen.input -> 'document'), 'application/pdf', record_rendered.size_bytes, record_rendered.sha256,
         v_claim.object_key,
         (select service_accounts.principal_id from app_public.service_accounts where service_accounts.name = 'worker'),
         app_hidden.now() + interval '1 day'
  from app_private.file_surfaces as surface
  where surface.key = case when v_frozen.form_document_id is null then 'appointment_documents' else 'form_documents' end;
  update app_public.files set status = 'confirmed', confirmed_at = app_hidden.now(), expires_at = null where files.id = v_file_id;
  insert into app_private.rendered_documents (organization_id, input_sha256, file_id, pages, rendered_at)
  values (v_frozen.organization_id, v_frozen.input_sha256, v_file_id, record_rendered.pages, app_hidden.now());
  update app_private.document_inputs set failure = null, failed_at = null where document_inputs.document_id = v_frozen.document_id;

  select coalesce(
    (select app_private.document_event_payload(appointment_documents) from app_public.appointment_documents
     where appointment_documents.organization_id = v_frozen.organization_id and appointment_documents.id = v_frozen.appointment_document_id),
    (select app_private.form_document_event_payload(form_documents) from app_public.form_documents
     where form_documents.organization_id = v_frozen.organization_id and form_documents.id = v_frozen.form_document_id)) into v_payload;
  perform app_private.publish('document.rendered', v_frozen.organization_id, v_frozen.document_id, v_payload || jsonb_build_object('fileId', v_file_id));
  return true;
end;
$$;

comment on function app_private.record_rendered is
  'Says that the bytes of a document lie where claim_rendering() said: it is a file from now on. Whether this was new.';
grant execute on function app_private.record_rendered to app_worker;

reset role;

create or replace function app_private.document_filename(head jsonb) returns text
language sql immutable
set search_path = ''
return left(regexp_replace(concat_ws(' ', head ->> 'title', translate(head ->> 'number', '/', '-')), '[[:cntrl:]/\\]+', ' ', 'g'), 190) || '.pdf';

comment on function app_private.document_filename is 'Under which name a document is downloaded: its title and number.';
grant execute on function app_private.document_filename to app_engine;
