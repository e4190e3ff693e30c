-- What the invoicing provider is to issue: lines, currency, and whom it is for. No tax: the provider answers it. BIL-03.

set role app_engine;

create or replace function app_hidden.document_to_issue(kind text, id uuid)
returns table (
  organization_id uuid, provider text, state text, series text, number bigint, currency text, issued_at timestamptz, issued_on date,
  due_on date, net_amount bigint, billed_to jsonb, tax_id bytea, tax_id_sealed_for text, lines jsonb, invoice jsonb, reason text,
  provider_customer_id text
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  if document_to_issue.kind = 'invoice' then
    return query
    select invoices.organization_id, invoices.provider, invoices.provider_state, invoices.series, invoices.number, invoices.currency::text,
      invoices.issued_at, (invoices.issued_at at time zone subscription.timezone)::date, invoices.due_on, invoices.net_amount,
      invoices.billed_to, invoices.tax_id::bytea, invoices.tax_id_sealed_for,
      (select jsonb_agg(jsonb_build_object(
         'id', line.id, 'kind', line.kind, 'descriptions', line.descriptions, 'quantity', line.quantity, 'unitPrice', line.unit_price,
         'amount', line.amount) order by line.position)
       from app_public.invoice_lines as line
       where line.organization_id = invoices.organization_id and line.invoice_id = invoices.id),
      null::jsonb, null::text, subscription.provider_customer_id
    from app_public.invoices
    join app_public.organization_subscriptions as subscription
      on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
    where invoices.id = document_to_issue.id and invoices.status <> 'draft';
  else
    return query
    select note.organization_id, invoices.provider, note.provider_state, note.series, note.number, invoices.currency::text,
      note.issued_at, (note.issued_at at time zone subscription.timezone)::date, null::date, note.net_amount,
      invoices.billed_to, invoices.tax_id::bytea, invoices.tax_id_sealed_for,
      (select jsonb_agg(jsonb_build_object(
         'id', credited.id, 'kind', line.kind, 'descriptions', line.descriptions, 'quantity', -1, 'unitPrice', credited.amount,
         'amount', -credited.amount, 'invoiceLineId', line.id) order by line.position)
       from app_public.credit_note_lines as credited
       join app_public.invoice_lines as line
         on line.organization_id = credited.organization_id and line.id = credited.invoice_line_id
       where credited.organization_id = note.organization_id and credited.credit_note_id = note.id),
      jsonb_build_object('id', invoices.id, 'series', invoices.series, 'number', invoices.number, 'issuedAt', invoices.issued_at,
                         'providerDocumentId', invoices.provider_document_id, 'providerDocumentNumber', invoices.provider_document_number),
      note.reason, subscription.provider_customer_id
    from app_public.credit_notes as note
    join app_public.invoices on invoices.organization_id = note.organization_id and invoices.id = note.invoice_id
    join app_public.organization_subscriptions as subscription
      on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
    where note.id = document_to_issue.id;
  end if;
end;
$$;

comment on function app_hidden.document_to_issue is
  'An invoice or a credit note ("invoice", "credit_note") as its provider needs it; state is the provider''s: queued, issued, failed, '
  'unknown. Amounts are in minor units and without tax; those of a credit note''s lines are below zero. The envelope of the tax id '
  'opens as the row and table that tax_id_sealed_for names.';
grant execute on function app_hidden.document_to_issue to app_worker;

reset role;
