-- A payment pays an invoice, or a part of it; and it no longer does. What it pays is taken from the clinic's balance, and what it
-- no longer pays is in the balance again, so that every coin is somewhere once. BIL-05, BIL-07, docs/decisions/0188.
-- Whoever calls it has locked the billing of the clinic.

create or replace function app_private.allocate(organization_id uuid, payment_id uuid, invoice_id uuid, amount bigint) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
begin
  insert into app_public.payment_allocations (organization_id, payment_id, invoice_id, amount)
  values (allocate.organization_id, allocate.payment_id, allocate.invoice_id, 0)
  on conflict on constraint payment_allocations_pkey do nothing;
  update app_public.payment_allocations set amount = payment_allocations.amount + allocate.amount
  where payment_allocations.organization_id = allocate.organization_id and payment_allocations.payment_id = allocate.payment_id
    and payment_allocations.invoice_id = allocate.invoice_id;
  update app_public.payments set applied_amount = payments.applied_amount + allocate.amount
  where payments.organization_id = allocate.organization_id and payments.id = allocate.payment_id;
  update app_public.invoices set paid_amount = invoices.paid_amount + allocate.amount
  where invoices.organization_id = allocate.organization_id and invoices.id = allocate.invoice_id
  returning * into strict v_invoice;

  -- What was written off is no receivable any more: it is recovered.
  update app_public.write_offs set recovered_amount = write_offs.recovered_amount + allocate.amount
  where v_invoice.status = 'uncollectible'
    and write_offs.organization_id = allocate.organization_id and write_offs.invoice_id = allocate.invoice_id;
  perform app_private.post(
    'payment', allocate.payment_id, allocate.organization_id, v_invoice.currency,
    jsonb_build_object(
      'customer_balance', allocate.amount,
      case when v_invoice.status = 'uncollectible' then 'write_off' else 'receivable' end, -allocate.amount));
end;
$$;

comment on function app_private.allocate is
  'Has a payment pay so much of an invoice, out of its balance; less than zero takes it back into the balance.';
grant execute on function app_private.allocate to app_engine;

create or replace function app_private.free_payments(invoice app_public.invoices, amount bigint) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_left bigint := amount;
  v_allocation app_public.payment_allocations;
begin
  for v_allocation in
    select payment_allocations.*
    from app_public.payment_allocations
    where payment_allocations.organization_id = invoice.organization_id and payment_allocations.invoice_id = invoice.id
      and payment_allocations.amount > 0
    order by payment_allocations.payment_id desc
  loop
    exit when v_left = 0;
    perform app_private.allocate(
      invoice.organization_id, v_allocation.payment_id, invoice.id, -least(v_left, v_allocation.amount));
    v_left := v_left - least(v_left, v_allocation.amount);
  end loop;
end;
$$;

comment on function app_private.free_payments is
  'Takes so much of what pays an invoice back into the balance, beginning with the payment that was recorded last.';
grant execute on function app_private.free_payments to app_engine;
