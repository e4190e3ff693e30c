-- Lines are written while their invoice is a draft, and never changed. BIL-02.

create or replace function app_private.tg_invoice_lines__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.invoices
    where invoices.organization_id = new.organization_id and invoices.id = new.invoice_id and invoices.status = 'draft')
  then
    perform app_hidden.refuse('IMMUTABLE', 'invoice_is_issued', jsonb_build_object('invoiceId', new.invoice_id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_invoice_lines__keep is
  'IMMUTABLE invoice_is_issued for a line of an invoice that is no draft. Trigger _300_keep.';
