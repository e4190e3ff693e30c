-- What became of an invoice at the tax office. An upload is one try: what is said of an earlier one says nothing of the one that is
-- there now, and what the tax office has accepted stays accepted, whatever is said later. BIL-04.

set role app_engine;

create or replace function app_hidden.record_tax_state(
  invoice_id uuid,
  state text,
  upload_id text default null,
  error text default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_state text := coalesce(state, '');
begin
  if v_state not in ('queued', 'sent', 'accepted', 'rejected', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'tax_state_unknown', jsonb_build_object('state', v_state));
  end if;
  select invoices.* into v_invoice
  from app_public.invoices
  where invoices.id = record_tax_state.invoice_id
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_not_found');
  elsif v_invoice.tax_state = 'not_applicable' then
    perform app_hidden.refuse('STATE', 'invoice_not_for_tax_office');
  end if;

  if v_invoice.tax_state = 'accepted'
     -- Of an upload that was replaced only that it was accepted after all counts.
     or v_state not in ('sent', 'accepted') and record_tax_state.upload_id <> v_invoice.tax_upload_id
     -- What was sent is not to be sent, and what was rejected is sent again as another upload.
     or v_state = 'queued' and v_invoice.tax_state <> 'rejected'
     or v_state in ('sent', 'unknown') and v_invoice.tax_state = 'rejected'
        and coalesce(record_tax_state.upload_id = v_invoice.tax_upload_id, true) then
    update app_public.invoices set tax_checked_at = app_hidden.now()
    where invoices.organization_id = v_invoice.organization_id and invoices.id = v_invoice.id;
    return v_invoice.tax_state;
  end if;
  update app_public.invoices set
    tax_state = v_state,
    tax_upload_id = coalesce(record_tax_state.upload_id, invoices.tax_upload_id),
    tax_sent_at = case
      when v_state in ('sent', 'accepted') then coalesce(invoices.tax_sent_at, app_hidden.now()) else invoices.tax_sent_at
    end,
    tax_checked_at = app_hidden.now(),
    tax_error = case when v_state in ('rejected', 'unknown') then coalesce(left(record_tax_state.error, 500), invoices.tax_error) end
  where invoices.organization_id = v_invoice.organization_id and invoices.id = v_invoice.id;
  if v_state = 'rejected' and v_invoice.tax_state <> 'rejected' then
    perform app_private.publish(
      'invoice.tax_rejected', v_invoice.organization_id, v_invoice.id, jsonb_build_object('invoiceId', v_invoice.id));
  end if;
  return v_state;
end;
$$;

comment on function app_hidden.record_tax_state is
  E'Says what the tax office, or who sends there, answered about an invoice: queued, sent, accepted, rejected, or unknown when nobody knows; '
  'upload_id is what the tax office calls the upload. Answers the state that is believed then. NOT_FOUND invoice_not_found, STATE '
  'invoice_not_for_tax_office, VALIDATION tax_state_unknown.';
grant execute on function app_hidden.record_tax_state to app_worker;

reset role;
