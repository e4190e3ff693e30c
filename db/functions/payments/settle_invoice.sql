-- The invoicing provider said what an invoice comes to: it is weighed anew, and the clinic's balance pays what it can. A job of its own,
-- since whoever keeps the provider's answer has locked the invoice and not what is locked before it. BIL-03, BIL-05, docs/decisions/0188.

set role app_engine;

create or replace function app_hidden.settle_invoice(invoice_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
begin
  select invoices.* into v_invoice from app_public.invoices where invoices.id = settle_invoice.invoice_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_not_found');
  end if;
  perform app_private.lock_billing(v_invoice.organization_id);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
end;
$$;

comment on function app_hidden.settle_invoice is
  'Weighs an invoice again and pays it out of the balance of its clinic; NOT_FOUND invoice_not_found.';
grant execute on function app_hidden.settle_invoice to app_worker;

reset role;

set role app_engine;

create or replace function app_private.tg_invoices__settle() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'settle_invoice', json_build_object('invoiceId', new.id), job_key => 'settle_invoice:' || new.id);
  return null;
end;
$$;

comment on function app_private.tg_invoices__settle is
  'Queues the job that settles an invoice whose total is known now. Trigger _900_settle.';

reset role;

create or replace trigger _900_settle after update of total_amount on app_public.invoices
  for each row when (new.total_amount is distinct from old.total_amount)
  execute function app_private.tg_invoices__settle();
