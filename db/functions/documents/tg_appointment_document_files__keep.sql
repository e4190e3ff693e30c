-- The files of a document come and go while it is a draft. DOC-04.

set role app_engine;

create or replace function app_private.tg_appointment_document_files__keep() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row constant jsonb := coalesce(to_jsonb(new), to_jsonb(old));
  v_document app_public.appointment_documents;
begin
  select appointment_documents.* into v_document
  from app_public.appointment_documents
  where appointment_documents.organization_id = (v_row ->> 'organization_id')::uuid
    and appointment_documents.id = (v_row ->> 'document_id')::uuid
  for no key update;
  perform app_private.require_draft(v_document);
  return coalesce(new, old);
end;
$$;

comment on function app_private.tg_appointment_document_files__keep is
  'IMMUTABLE document_is_issued for files that come to what is issued or leave it. Trigger _300_keep.';

reset role;
