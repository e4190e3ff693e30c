-- The platform gives up what a clinic does not pay. If it is paid after all, the write-off is recovered. BIL-05.

set role app_engine;

create or replace function app_public.write_off_invoice(invoice_id uuid, reason text) returns app_public.invoices
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices := app_private.billed_invoice(invoice_id);
  v_reason text := app_private.require_reason(reason);
  v_due bigint := app_private.invoice_due(v_invoice);
begin
  if v_invoice.status <> 'issued' then
    perform app_hidden.refuse('STATE', 'illegal_move', jsonb_build_object(
      'entity', 'invoices', 'from', v_invoice.status, 'to', 'uncollectible',
      'legal', app_private.legal_moves('invoices', v_invoice.status)));
  -- What is given up has to be known, tax and all.
  elsif v_invoice.total_amount is null then
    perform app_hidden.refuse('STATE', 'invoice_document_missing');
  end if;
  perform app_private.require_no_open_charge(v_invoice);

  insert into app_public.write_offs (organization_id, invoice_id, amount, reason, written_off_by)
  values (v_invoice.organization_id, v_invoice.id, v_due, v_reason, app_private.current_actor_id());
  perform app_private.post(
    'invoice', v_invoice.id, v_invoice.organization_id, v_invoice.currency,
    jsonb_build_object('write_off', v_due, 'receivable', -v_due));
  update app_public.invoices set status = 'uncollectible'
  where invoices.organization_id = v_invoice.organization_id and invoices.id = v_invoice.id;
  perform app_private.publish(
    'invoice.uncollectible', v_invoice.organization_id, v_invoice.id, jsonb_build_object('invoiceId', v_invoice.id));
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  select invoices.* into strict v_invoice from app_public.invoices where invoices.id = v_invoice.id;
  return v_invoice;
end;
$$;

comment on function app_public.write_off_invoice is
  'Says that an invoice will not be paid: it is uncollectible, and nothing is asked for it any more. Superadmin only, with a reason. '
  'STATE illegal_move unless it is issued, invoice_document_missing until the invoicing provider has issued it, charge_under_way while a vendor is being asked for its money.';
grant execute on function app_public.write_off_invoice to app_member;

reset role;
