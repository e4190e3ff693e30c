-- Documents of which the worker asks the tax office what became of them, those whose deadline is nearest first. BIL-04.

set role app_engine;

create or replace function app_hidden.documents_to_check(up_to int default 100)
returns table (kind text, id uuid, tax_state text, tax_upload_id text, tax_deadline_on date)
language sql stable security definer
set search_path = ''
begin atomic
  select documents.kind, documents.id, documents.tax_state, documents.tax_upload_id, documents.tax_deadline_on
  from app_private.tax_documents as documents
  where documents.tax_state in ('queued', 'sent', 'unknown') and documents.provider_state = 'issued'
    -- What the tax office has just been asked about is asked about again later.
    and (documents.tax_checked_at is null or documents.tax_checked_at <= app_hidden.now() - interval '15 minutes')
  order by documents.tax_deadline_on, documents.id
  limit documents_to_check.up_to;
end;

comment on function app_hidden.documents_to_check is
  'Invoices and credit notes that are issued and that the tax office has neither accepted nor rejected, up to so many, not asked about for a '
  'quarter of an hour.';
grant execute on function app_hidden.documents_to_check to app_worker;

reset role;
