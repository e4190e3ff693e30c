-- One change of what a clinic owes at a time: whoever issues, charges, pays, credits or refunds locks the clinic's subscriptions first,
-- then the series of numbers, then the invoice. Payments, attempts and refunds are read and written under these locks. BIL-05.

create or replace function app_private.lock_billing(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = lock_billing.organization_id
  order by organization_subscriptions.id
  for no key update;
end;
$$;

comment on function app_private.lock_billing is 'Locks the subscriptions of a clinic, in the order of their ids, until the transaction ends.';
grant execute on function app_private.lock_billing to app_engine;

create or replace function app_private.lock_series(kind text) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_private.document_series
  where document_series.kind = lock_series.kind
  for no key update;
end;
$$;

comment on function app_private.lock_series is
  'Locks the series of a kind of document for whoever may take a number once the invoice is locked, which comes after it.';
grant execute on function app_private.lock_series to app_engine;

create or replace function app_private.lock_invoice(organization_id uuid, invoice_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
begin
  select invoices.* into strict v_invoice
  from app_public.invoices
  where invoices.organization_id = lock_invoice.organization_id and invoices.id = lock_invoice.invoice_id
  for no key update;
  return v_invoice;
end;
$$;

comment on function app_private.lock_invoice is 'An invoice, locked; the clinic''s subscriptions are locked before.';
grant execute on function app_private.lock_invoice to app_engine;
