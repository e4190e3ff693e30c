-- A clinic's payment arrived: a receipt, once for each payment. BIL-08.

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
      'currency', payments.currency))
  from app_public.payments
  join app_public.invoices on invoices.organization_id = payments.organization_id and invoices.id = payments.invoice_id
  where payments.organization_id = event.organization_id and payments.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_payment is
  'Queues what payment.received calls for: a receipt to the clinic''s address for bills and to members with billing.manage.';
grant execute on function app_private.messages_about_payment to app_engine;
