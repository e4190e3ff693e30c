-- What an invoice is after what was paid and credited: its state, and how it stands with paying. The one place that says so. BIL-05.
-- Whoever calls it has locked the billing of the clinic.

create or replace function app_private.weigh_invoice(organization_id uuid, invoice_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_before app_public.invoices;
  v_after app_public.invoices;
  v_due bigint;
  v_attempt text;
begin
  select invoices.* into strict v_before
  from app_public.invoices
  where invoices.organization_id = weigh_invoice.organization_id and invoices.id = weigh_invoice.invoice_id;
  v_after := v_before;
  v_due := app_private.invoice_due(v_before);

  v_after.status := case
    when v_before.status = 'issued' and v_due <= 0 and v_before.paid_amount = 0 and v_before.credited_amount > 0 then 'void'
    when v_before.status in ('issued', 'uncollectible') and v_due <= 0 then 'paid'
    -- The total that the provider returned is more than the net that was paid.
    when v_before.status = 'paid' and v_due > 0 then 'issued'
    else v_before.status
  end;
  v_after.paid_at := case when v_after.status = 'paid' then coalesce(v_before.paid_at, app_hidden.now()) end;

  if v_after.status <> 'issued' then
    update app_public.payment_attempts set status = 'canceled', settled_at = app_hidden.now()
    where payment_attempts.organization_id = v_before.organization_id and payment_attempts.invoice_id = v_before.id
      and payment_attempts.status = 'queued';
  end if;
  select payment_attempts.status into v_attempt
  from app_public.payment_attempts
  where payment_attempts.organization_id = v_before.organization_id and payment_attempts.invoice_id = v_before.id
    and payment_attempts.status not in ('queued', 'canceled')
  order by payment_attempts.position desc
  limit 1;
  v_after.payment_state := case
    when v_after.status = 'paid' then case
      when exists (
        select from app_public.payments
        where payments.organization_id = v_before.organization_id and payments.invoice_id = v_before.id
          and payments.applied_amount + payments.refunded_amount < payments.amount)
      then 'overpaid'
      else 'paid'
    end
    when v_after.status = 'issued' and v_attempt in ('processing', 'unknown') then 'processing'
    when v_after.paid_amount > 0 then 'partially_paid'
    when v_after.status = 'issued' and v_attempt = 'failed' then 'failed'
    else 'unpaid'
  end;

  if (v_after.status, v_after.payment_state, v_after.paid_at)
     is not distinct from (v_before.status, v_before.payment_state, v_before.paid_at) then
    return v_before;
  end if;
  update app_public.invoices set payment_state = v_after.payment_state, paid_at = v_after.paid_at
  where invoices.organization_id = v_before.organization_id and invoices.id = v_before.id;
  if v_after.status <> v_before.status then
    update app_public.invoices set status = v_after.status
    where invoices.organization_id = v_before.organization_id and invoices.id = v_before.id;
  end if;
  if v_after.status <> v_before.status and v_after.status in ('paid', 'void') then
    perform app_private.publish(
      case v_after.status when 'paid' then 'invoice.paid' else 'invoice.voided' end,
      v_after.organization_id, v_after.id, jsonb_build_object('invoiceId', v_after.id));
  end if;
  return v_after;
end;
$$;

comment on function app_private.weigh_invoice is
  'Sets state, payment_state and paid_at of an invoice by what was paid and credited, and cancels a try that is not needed any more.';
grant execute on function app_private.weigh_invoice to app_engine;
