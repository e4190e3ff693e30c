-- After money came, or came back: the clinic's balance pays what is due, the invoice that became due first before others, out of
-- the payment that arrived first; then each invoice is weighed, and the subscription follows. BIL-05, BIL-07, docs/decisions/0188.
-- An invoice whose total the invoicing provider has not returned is paid by the payment that was made for it, not by a balance.
-- Whoever calls it has locked the billing of the clinic.

create or replace function app_private.settle_account(organization_id uuid, currency text, invoice_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_touched uuid[] := invoice_ids;
  v_invoice app_public.invoices;
  v_payment app_public.payments;
  v_id uuid;
  v_part bigint;
begin
  perform from app_public.invoices
  where invoices.organization_id = settle_account.organization_id and invoices.status = 'issued'
  order by invoices.id
  for no key update;

  for v_invoice in
    select invoices.*
    from app_public.invoices
    where invoices.organization_id = settle_account.organization_id and invoices.status = 'issued'
      and invoices.currency = settle_account.currency
      and invoices.total_amount is not null
      and app_private.invoice_due(invoices) > 0
    order by invoices.due_on, invoices.id
  loop
    for v_payment in
      select payments.*
      from app_public.payments
      where payments.organization_id = settle_account.organization_id and payments.currency = settle_account.currency
        and payments.applied_amount + payments.refunded_amount < payments.amount
      order by payments.id
    loop
      v_part := least(
        app_private.invoice_due(v_invoice), v_payment.amount - v_payment.applied_amount - v_payment.refunded_amount);
      exit when v_part <= 0;
      perform app_private.allocate(settle_account.organization_id, v_payment.id, v_invoice.id, v_part);
      v_invoice.paid_amount := v_invoice.paid_amount + v_part;
      -- The invoice that the payment was made for is no longer over-paid.
      v_touched := v_touched || v_invoice.id || v_payment.invoice_id;
    end loop;
  end loop;

  for v_id in select distinct touched.id from unnest(v_touched) as touched (id) order by 1 loop
    perform app_private.weigh_invoice(settle_account.organization_id, v_id);
    perform app_private.invoice_changed(settle_account.organization_id, v_id);
  end loop;
end;
$$;

comment on function app_private.settle_account is
  'Pays what a clinic owes in a currency out of its balance, then weighs these invoices and all that were paid, and tells the subscription.';
grant execute on function app_private.settle_account to app_engine;
