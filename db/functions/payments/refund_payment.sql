-- Money goes back to a clinic. What of it paid no invoice goes back first and needs no document; the rest had paid the invoice of the
-- payment, and a credit note takes the same off it, so that nothing of it is due. What is on its way back counts as given back, so two
-- refunds at once give no more than there is. BIL-05, BIL-08, docs/decisions/0187.

set role app_engine;

create or replace function app_public.refund_payment(payment_id uuid, amount bigint, reason text) returns app_public.refunds
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('refund_payment', jsonb_build_array(payment_id, amount, reason));
  v_payment app_public.payments;
  v_invoice app_public.invoices;
  v_refund app_public.refunds;
  v_note app_public.credit_notes;
  v_reason text;
  v_balance bigint;
  v_applied bigint;
  v_credit bigint;
  v_net bigint;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_refund, v_remembered);
  end if;
  perform app_private.require_superadmin();
  v_reason := app_private.require_reason(reason);
  if refund_payment.amount not between 1 and 100000000000 then
    perform app_hidden.refuse('VALIDATION', 'sum_out_of_range', '{"field": "amount"}');
  end if;
  select payments.* into v_payment from app_public.payments where payments.id = refund_payment.payment_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'payment_not_found');
  end if;
  v_invoice := app_private.billed_invoice(v_payment.invoice_id, 'credit_note');
  select payments.* into strict v_payment from app_public.payments where payments.id = refund_payment.payment_id;

  v_balance := v_payment.amount - v_payment.applied_amount - v_payment.refunded_amount;
  v_applied := coalesce((
    select payment_allocations.amount
    from app_public.payment_allocations
    where payment_allocations.organization_id = v_payment.organization_id and payment_allocations.payment_id = v_payment.id
      and payment_allocations.invoice_id = v_invoice.id), 0);
  if refund_payment.amount > v_balance + v_applied then
    perform app_hidden.refuse(
      'CONFLICT', 'refund_exceeds_payment', jsonb_build_object('most', v_balance + v_applied, 'currency', v_payment.currency));
  end if;
  v_credit := greatest(refund_payment.amount - v_balance, 0);

  insert into app_public.refunds (organization_id, payment_id, currency, amount, reason, requested_by)
  values (v_payment.organization_id, v_payment.id, v_payment.currency, refund_payment.amount, v_reason, app_private.current_actor_id())
  returning * into v_refund;
  if v_credit > 0 then
    perform app_private.require_creditable(v_invoice);
    -- Of the net so much that, with what was credited before, it is the share that the gross is of the total.
    v_net := round(v_invoice.net_amount::numeric * (v_invoice.credited_amount + v_credit) / v_invoice.total_amount)::bigint
      - app_private.credited_net(v_invoice);
    if v_net < 1 then
      perform app_hidden.refuse('VALIDATION', 'refund_too_small', '{"field": "amount"}');
    end if;
    perform app_private.allocate(v_payment.organization_id, v_payment.id, v_invoice.id, -v_credit);
    v_invoice.paid_amount := v_invoice.paid_amount - v_credit;
    v_note := app_private.credit_amount(v_invoice, v_net, v_reason, v_credit, v_refund.id);
    update app_public.refunds set credit_note_id = v_note.id
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  else
    perform app_private.publish(
      'refund.requested', v_refund.organization_id, v_refund.id,
      jsonb_build_object('refundId', v_refund.id, 'paymentId', v_payment.id));
  end if;
  perform app_private.take_refund(v_refund);

  if v_payment.provider = 'manual' then
    update app_public.refunds set status = 'succeeded', settled_at = app_hidden.now()
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
    perform app_private.publish(
      'refund.succeeded', v_refund.organization_id, v_refund.id,
      jsonb_build_object('refundId', v_refund.id, 'paymentId', v_payment.id));
  else
    perform app_private.queue_refund(v_refund.id, app_hidden.now());
  end if;
  perform app_private.settle_account(v_payment.organization_id, v_payment.currency, array[v_invoice.id]);
  select refunds.* into strict v_refund from app_public.refunds where refunds.id = v_refund.id;
  perform app_private.remember('refund_payment', to_jsonb(v_refund));
  return v_refund;
end;
$$;

comment on function app_public.refund_payment is
  E'@arg amount What goes back, in minor units of the payment''s currency.\n'
  'Gives money of a payment back: first what of it is a balance of the clinic, then what paid its invoice, which a credit note takes off '
  'the invoice. A vendor that took the money is asked to give it back; money that came by bank transfer staff of the platform send, and '
  'the refund says that they did. What pays another invoice is given back after that invoice was credited. Superadmin only, with a reason. '
  'CONFLICT refund_exceeds_payment, STATE invoice_not_creditable or invoice_document_missing, VALIDATION refund_too_small.';
grant execute on function app_public.refund_payment to app_member;

reset role;

create or replace function app_private.take_refund(refund app_public.refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_payment app_public.payments;
begin
  update app_public.payments set refunded_amount = payments.refunded_amount + refund.amount
  where payments.organization_id = refund.organization_id and payments.id = refund.payment_id
  returning * into strict v_payment;
  perform app_private.post(
    'refund', refund.id, refund.organization_id, refund.currency,
    jsonb_build_object(
      'customer_balance', refund.amount, case v_payment.method when 'card' then 'card' else 'bank' end, -refund.amount));
end;
$$;

comment on function app_private.take_refund is 'Takes what is given back out of the balance of its payment.';
grant execute on function app_private.take_refund to app_engine;

create or replace function app_private.return_refund(refund app_public.refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_payment app_public.payments;
begin
  update app_public.payments set refunded_amount = payments.refunded_amount - refund.amount
  where payments.organization_id = refund.organization_id and payments.id = refund.payment_id
  returning * into strict v_payment;
  perform app_private.post(
    'refund', refund.id, refund.organization_id, refund.currency,
    jsonb_build_object(
      'customer_balance', -refund.amount, case v_payment.method when 'card' then 'card' else 'bank' end, refund.amount));
end;
$$;

comment on function app_private.return_refund is 'Puts what could not be given back into the balance of its payment.';
grant execute on function app_private.return_refund to app_engine;

create or replace function app_private.queue_refund(refund_id uuid, due_at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'make_refund', json_build_object('refundId', queue_refund.refund_id), run_at => queue_refund.due_at,
    job_key => 'make_refund:' || queue_refund.refund_id);
end;
$$;

comment on function app_private.queue_refund is 'Queues the job that asks the vendor to give money back, from an instant on.';
grant execute on function app_private.queue_refund to app_engine;
