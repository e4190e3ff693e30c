-- What the worker asks before it renders, and says afterwards. What has the same input is rendered once. DOC-02.

set role app_engine;

create or replace function app_private.claim_rendering(document_id uuid)
returns table (organization_id uuid, input jsonb, input_sha256 text, object_key text, is_rendered boolean)
language sql stable strict security definer
set search_path = ''
begin atomic
  select frozen.organization_id, frozen.input, frozen.input_sha256,
         concat_ws('/', frozen.organization_id, surface.prefix, frozen.document_id),
         exists (
           select from app_private.rendered_documents as rendered
           where rendered.organization_id = frozen.organization_id and rendered.input_sha256 = frozen.input_sha256)
  from app_private.document_inputs as frozen
  join app_private.file_surfaces as surface
    on surface.key = case when frozen.form_document_id is null then 'appointment_documents' else 'form_documents' end
  where frozen.document_id = claim_rendering.document_id;
end;

comment on function app_private.claim_rendering is
  'What a document is rendered from, where its bytes go, and whether they are there already; no row for what is not issued.';
grant execute on function app_private.claim_rendering to app_worker;

reset role;
