-- The invoice that a verb of superadmins is about, and the locks. BIL-05.

create or replace function app_private.billed_invoice(invoice_id uuid, numbered text default null) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  perform app_private.require_superadmin();
  select invoices.organization_id into v_organization_id
  from app_public.invoices
  where invoices.id = billed_invoice.invoice_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_not_found');
  end if;
  perform app_private.lock_billing(v_organization_id);
  if billed_invoice.numbered is not null then
    perform app_private.lock_series(billed_invoice.numbered);
  end if;
  return app_private.lock_invoice(v_organization_id, billed_invoice.invoice_id);
end;
$$;

comment on function app_private.billed_invoice is
  'An invoice for a superadmin to change, locked after the clinic''s subscriptions and, where numbered names a kind of document, its series. '
  'FORBIDDEN superadmin_only, NOT_FOUND invoice_not_found.';
grant execute on function app_private.billed_invoice to app_engine;
