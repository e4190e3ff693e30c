-- Money arrived. It is recorded once for each id of the provider: whoever reports it again gets the payment that is there. It pays
-- its invoice first; what is more than is due is a balance of the clinic. BIL-05, BIL-07, BIL-08.
-- Whoever calls it has locked the billing of the clinic and the invoice.

create or replace function app_private.settle_payment(
  organization_id uuid,
  invoice_id uuid,
  provider text,
  method text,
  provider_payment_id text,
  amount bigint,
  received_on date,
  attempt_id uuid default null,
  reference text default null,
  note text default null
) returns app_public.payments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_payment app_public.payments;
  v_part bigint;
begin
  select invoices.* into strict v_invoice
  from app_public.invoices
  where invoices.organization_id = settle_payment.organization_id and invoices.id = settle_payment.invoice_id;
  insert into app_public.payments
    (organization_id, invoice_id, attempt_id, provider, method, provider_payment_id, reference, currency, amount, received_on, note,
     recorded_by)
  values
    (v_invoice.organization_id, v_invoice.id, settle_payment.attempt_id, settle_payment.provider, settle_payment.method,
     settle_payment.provider_payment_id, settle_payment.reference, v_invoice.currency, settle_payment.amount,
     settle_payment.received_on, settle_payment.note, app_private.current_actor_id())
  on conflict on constraint payments_are_recorded_once do nothing
  returning * into v_payment;
  if not found then
    select payments.* into strict v_payment
    from app_public.payments
    where payments.provider = settle_payment.provider and payments.provider_payment_id = settle_payment.provider_payment_id;
    if (v_payment.organization_id, v_payment.invoice_id, v_payment.amount)
       is distinct from (v_invoice.organization_id, v_invoice.id, settle_payment.amount) then
      perform app_private.publish(
        'payment.contradicted', v_invoice.organization_id, v_invoice.id, jsonb_build_object('invoiceId', v_invoice.id));
    end if;
    return v_payment;
  end if;

  perform app_private.post(
    'payment', v_payment.id, v_payment.organization_id, v_payment.currency,
    jsonb_build_object(
      case v_payment.method when 'card' then 'card' else 'bank' end, v_payment.amount, 'customer_balance', -v_payment.amount));
  v_part := case
    when v_invoice.status in ('issued', 'uncollectible') then least(app_private.invoice_due(v_invoice), v_payment.amount)
    else 0
  end;
  if v_part > 0 then
    perform app_private.allocate(v_payment.organization_id, v_payment.id, v_invoice.id, v_part);
  end if;
  perform app_private.settle_account(v_payment.organization_id, v_payment.currency, array[v_invoice.id]);
  perform app_private.publish(
    'payment.received', v_payment.organization_id, v_payment.id,
    jsonb_build_object('paymentId', v_payment.id, 'invoiceId', v_payment.invoice_id));
  select payments.* into strict v_payment from app_public.payments where payments.id = v_payment.id;
  return v_payment;
end;
$$;

comment on function app_private.settle_payment is
  'Records money that arrived for an invoice, once, and has it pay; answers the payment as it is then.';
grant execute on function app_private.settle_payment to app_engine;
