-- What the invoicing provider answered: its own number, the document, the tax and the total. Said again, nothing changes. BIL-03.

set role app_engine;

create or replace function app_hidden.record_document_issued(
  kind text,
  id uuid,
  provider_document_id text,
  number text,
  url text,
  tax_amount bigint,
  total_amount bigint
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
begin
  if record_document_issued.kind = 'invoice' then
    select invoices.* into v_invoice from app_public.invoices where invoices.id = record_document_issued.id for no key update;
    if v_invoice.provider_state is distinct from 'issued' and v_invoice.id is not null then
      update app_public.invoices set
        provider_state = 'issued', provider_document_id = record_document_issued.provider_document_id,
        provider_document_number = record_document_issued.number, provider_document_url = record_document_issued.url,
        provider_error = null, tax_amount = record_document_issued.tax_amount, total_amount = record_document_issued.total_amount
      where invoices.organization_id = v_invoice.organization_id and invoices.id = v_invoice.id;
      -- What is owed is what the provider says; beyond the net it is tax.
      perform app_private.post('invoice', v_invoice.id, v_invoice.organization_id, v_invoice.currency, jsonb_build_object(
        'receivable', record_document_issued.total_amount - v_invoice.net_amount,
        'tax', v_invoice.net_amount - record_document_issued.total_amount));
      return true;
    end if;
  else
    select credit_notes.* into v_note from app_public.credit_notes where credit_notes.id = record_document_issued.id for no key update;
    if v_note.provider_state is distinct from 'issued' and v_note.id is not null then
      update app_public.credit_notes set
        provider_state = 'issued', provider_document_id = record_document_issued.provider_document_id,
        provider_document_number = record_document_issued.number, provider_document_url = record_document_issued.url,
        provider_error = null, tax_amount = record_document_issued.tax_amount, total_amount = record_document_issued.total_amount
      where credit_notes.organization_id = v_note.organization_id and credit_notes.id = v_note.id;
      -- It was posted when it was issued, with the share of the invoice's tax; what the provider says otherwise is told.
      if v_note.gross_amount <> abs(record_document_issued.total_amount) then
        perform app_private.publish(
          'credit_note.total_differs', v_note.organization_id, v_note.id,
          jsonb_build_object('creditNoteId', v_note.id, 'invoiceId', v_note.invoice_id));
      end if;
      return true;
    end if;
  end if;
  return false;
end;
$$;

comment on function app_hidden.record_document_issued is
  'Keeps what the provider answered about an invoice or a credit note, once; answers whether it was not kept before. The tax is stored '
  'as it came, in minor units; a total that is not the net amount with the tax is kept and shown as a difference.';
grant execute on function app_hidden.record_document_issued to app_worker;

reset role;
