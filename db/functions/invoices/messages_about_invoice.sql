-- An invoice was issued: the billing address of the clinic is written to, and its members with billing.manage hear of it, with the account
-- to pay to where it is paid by bank transfer. BIL-02, BIL-07, FND-15.

create or replace function app_private.messages_about_invoice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'invoice_issued',
    jsonb_build_object(
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'netAmount', invoices.net_amount::text,
      'currency', invoices.currency,
      'dueOn', invoices.due_on)
    || app_private.transfer_facts(subscription.provider, invoices.currency, invoices.series || ' ' || invoices.number))
  from app_public.invoices
  join app_public.organization_subscriptions as subscription
    on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
  where invoices.organization_id = event.organization_id and invoices.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_invoice is
  'Queues what invoice.issued calls for: a mail to the billing address and a note to each member with billing.manage.';
grant execute on function app_private.messages_about_invoice to app_engine;
