-- An invoice was issued: the billing address of the clinic is written to, and its members with billing.manage hear of it. BIL-02, FND-15.

create or replace function app_private.messages_about_invoice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'invoice_issued',
    jsonb_build_object(
      'invoiceNumber', invoices.series || '-' || invoices.number,
      'netAmount', invoices.net_amount::text,
      'currency', invoices.currency,
      'dueOn', invoices.due_on))
  from app_public.invoices
  where invoices.organization_id = event.organization_id and invoices.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_invoice is
  'Queues what invoice.issued calls for: a mail to the billing address and a note to each member with billing.manage.';
grant execute on function app_private.messages_about_invoice to app_engine;
