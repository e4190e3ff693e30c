-- A document is looked at by one at a time. BIL-04.

create or replace function app_private.lock_tax_document(kind text, id uuid, waits boolean default true) returns app_private.tax_documents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_document app_private.tax_documents;
begin
  if lock_tax_document.kind = 'invoice' and waits then
    perform from app_public.invoices where invoices.id = lock_tax_document.id for no key update;
  elsif lock_tax_document.kind = 'invoice' then
    perform from app_public.invoices where invoices.id = lock_tax_document.id for no key update skip locked;
  elsif waits then
    perform from app_public.credit_notes where credit_notes.id = lock_tax_document.id for no key update;
  else
    perform from app_public.credit_notes where credit_notes.id = lock_tax_document.id for no key update skip locked;
  end if;
  if found then
    select documents.* into v_document
    from app_private.tax_documents as documents
    where documents.kind = lock_tax_document.kind and documents.id = lock_tax_document.id;
  end if;
  return v_document;
end;
$$;

comment on function app_private.lock_tax_document is
  'The invoice or credit note ("invoice", "credit_note"), locked; null where there is none, and where it is locked and nobody waits.';
grant execute on function app_private.lock_tax_document to app_engine;

create or replace function app_private.write_tax_state(document app_private.tax_documents) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if document.kind = 'invoice' then
    update app_public.invoices set
      tax_state = document.tax_state, tax_upload_id = document.tax_upload_id, tax_sent_at = document.tax_sent_at,
      tax_checked_at = document.tax_checked_at, tax_error = document.tax_error
    where invoices.organization_id = document.organization_id and invoices.id = document.id;
  else
    update app_public.credit_notes set
      tax_state = document.tax_state, tax_upload_id = document.tax_upload_id, tax_sent_at = document.tax_sent_at,
      tax_checked_at = document.tax_checked_at, tax_error = document.tax_error
    where credit_notes.organization_id = document.organization_id and credit_notes.id = document.id;
  end if;
end;
$$;

comment on function app_private.write_tax_state is 'Keeps how a document that is locked stands at the tax office.';
grant execute on function app_private.write_tax_state to app_engine;
