-- What is still to be paid of an invoice. Until the invoicing provider has returned the total, the net is what is known. BIL-03, BIL-05.

create or replace function app_private.invoice_due(invoice app_public.invoices) returns bigint
language sql immutable
set search_path = ''
return coalesce(invoice.total_amount, invoice.net_amount) - invoice.credited_amount - invoice.paid_amount;

comment on function app_private.invoice_due is
  'The total of an invoice, or its net while no total is known, without what was credited and paid; in minor units.';
grant execute on function app_private.invoice_due to app_engine;
