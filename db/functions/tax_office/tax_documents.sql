-- What is followed at the tax office: invoices and credit notes alike, each by its kind and id. BIL-04, docs/decisions/0198.

create or replace view app_private.tax_documents with (security_invoker = true) as
select 'invoice'::text as kind, invoices.id, invoices.organization_id, invoices.billed_to ->> 'country' as country,
  invoices.provider_state, invoices.provider_document_number, invoices.tax_state, invoices.tax_upload_id, invoices.tax_sent_at,
  invoices.tax_deadline_on, invoices.tax_checked_at, invoices.tax_error, jsonb_build_object('invoiceId', invoices.id) as about
from app_public.invoices
union all
select 'credit_note', note.id, note.organization_id, invoices.billed_to ->> 'country',
  note.provider_state, note.provider_document_number, note.tax_state, note.tax_upload_id, note.tax_sent_at,
  note.tax_deadline_on, note.tax_checked_at, note.tax_error, jsonb_build_object('creditNoteId', note.id, 'invoiceId', note.invoice_id)
from app_public.credit_notes as note
join app_public.invoices on invoices.organization_id = note.organization_id and invoices.id = note.invoice_id;

comment on view app_private.tax_documents is 'Documents that a tax office takes, and how each stands there; about is what events say of it.';
grant select on app_private.tax_documents to app_engine;
