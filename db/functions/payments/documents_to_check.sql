-- Invoices of which the worker asks the tax office what became of them, those whose deadline is nearest first. BIL-04.

set role app_engine;

create or replace function app_hidden.documents_to_check(up_to int default 100)
returns table (
  organization_id uuid, invoice_id uuid, provider text, provider_document_id text, provider_document_number text,
  tax_state text, tax_upload_id text, tax_deadline_on date
)
language sql stable security definer
set search_path = ''
begin atomic
  select invoices.organization_id, invoices.id, invoices.provider, invoices.provider_document_id, invoices.provider_document_number,
    invoices.tax_state, invoices.tax_upload_id, invoices.tax_deadline_on
  from app_public.invoices
  where invoices.tax_state in ('queued', 'sent', 'unknown') and invoices.provider_state = 'issued'
    -- What the tax office has just been asked about is asked about again later.
    and (invoices.tax_checked_at is null or invoices.tax_checked_at <= app_hidden.now() - interval '15 minutes')
  order by invoices.tax_deadline_on, invoices.id
  limit documents_to_check.up_to;
end;

comment on function app_hidden.documents_to_check is
  'Invoices that are issued and that the tax office has neither accepted nor rejected, up to so many, not asked about for a quarter of an hour.';
grant execute on function app_hidden.documents_to_check to app_worker;

reset role;
