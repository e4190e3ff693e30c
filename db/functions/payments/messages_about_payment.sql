-- A clinic's payment arrived: a receipt, once for each payment, with the account where the rest is paid by bank transfer. BIL-07, BIL-08.

create or replace function app_private.messages_about_payment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'payment_received',
    jsonb_build_object(
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'paidAmount', payments.amount::text,
      'receivedOn', payments.received_on,
      'dueAmount', nullif(greatest(app_private.invoice_due(invoices), 0), 0)::text,
      'balanceAmount', nullif(payments.amount - payments.applied_amount - payments.refunded_amount, 0)::text,
      'currency', payments.currency)
    || app_private.transfer_facts(
      case when app_private.invoice_due(invoices) > 0 then subscription.provider end, invoices.currency,
      invoices.series || ' ' || invoices.number))
  from app_public.payments
  join app_public.invoices on invoices.organization_id = payments.organization_id and invoices.id = payments.invoice_id
  join app_public.organization_subscriptions as subscription
    on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
  where payments.organization_id = event.organization_id and payments.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_payment is
  'Queues what payment.received calls for: a receipt to the clinic''s address for bills and to members with billing.manage.';
grant execute on function app_private.messages_about_payment to app_engine;
