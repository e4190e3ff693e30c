-- What a vendor said of money that goes back. Reports come twice, late and in any order; the last one by the vendor's own time is
-- believed, also when a bank sends back what had arrived. What was not given back is a balance of the clinic; its credit note
-- stays, for it was issued. BIL-05, BIL-08, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.record_refund(
  id uuid,
  status text,
  provider_refund_id text default null,
  failure_code text default null,
  as_of timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_refund app_public.refunds := app_private.lock_refund(record_refund.id);
  v_payment app_public.payments;
  v_as_of timestamptz := coalesce(as_of, app_hidden.now());
  v_status text := coalesce(record_refund.status, '');
  -- Of one instant, what stands further to the right counts.
  v_rank constant text[] := '{queued,unknown,processing,succeeded,failed}';
begin
  if v_status not in ('processing', 'succeeded', 'failed', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'refund_status_unknown', jsonb_build_object('status', v_status));
  end if;
  if v_status = 'unknown' then
    if v_refund.status not in ('queued', 'processing', 'unknown') then
      return v_refund.status;
    end if;
    perform app_private.queue_refund(v_refund.id, app_hidden.now() + interval '5 minutes');
  elsif (v_as_of, array_position(v_rank, v_status))
        <= (coalesce(v_refund.provider_as_of, '-infinity'), array_position(v_rank, v_refund.status)) then
    return v_refund.status;
  end if;

  if v_status <> v_refund.status then
    if v_status = 'failed' then
      perform app_private.return_refund(v_refund);
    elsif v_refund.status = 'failed' then
      perform app_private.make_balance(v_refund);
      perform app_private.take_refund(v_refund);
    end if;
  end if;
  update app_public.refunds set
    provider_refund_id = coalesce(refunds.provider_refund_id, record_refund.provider_refund_id),
    failure_code = case when v_status in ('failed', 'unknown') then left(record_refund.failure_code, 100) end,
    provider_as_of = case when v_status = 'unknown' then refunds.provider_as_of else v_as_of end,
    settled_at = case when v_status in ('succeeded', 'failed') then app_hidden.now() end
  where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  if v_status <> v_refund.status then
    update app_public.refunds set status = v_status
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  end if;
  if v_status <> v_refund.status and v_status in ('succeeded', 'failed') then
    perform app_private.publish(
      case v_status when 'failed' then 'refund.failed' else 'refund.succeeded' end, v_refund.organization_id, v_refund.id,
      jsonb_build_object('refundId', v_refund.id, 'paymentId', v_refund.payment_id));
  end if;

  select payments.* into strict v_payment
  from app_public.payments
  where payments.organization_id = v_refund.organization_id and payments.id = v_refund.payment_id;
  perform app_private.settle_account(v_payment.organization_id, v_payment.currency, array[v_payment.invoice_id]);
  return v_status;
end;
$$;

comment on function app_hidden.record_refund is
  'Says what a vendor answered or reported of money that goes back: processing, succeeded or failed, as of the vendor''s own time; unknown when '
  'its answer was lost. Answers the status that is believed then. NOT_FOUND refund_not_found, VALIDATION refund_status_unknown.';
grant execute on function app_hidden.record_refund to app_worker;

reset role;

create or replace function app_private.make_balance(refund app_public.refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_payment app_public.payments;
  v_allocation app_public.payment_allocations;
  v_missing bigint;
  v_part bigint;
begin
  select payments.* into strict v_payment
  from app_public.payments
  where payments.organization_id = refund.organization_id and payments.id = refund.payment_id;
  v_missing := refund.amount - (v_payment.amount - v_payment.applied_amount - v_payment.refunded_amount);
  for v_allocation in
    select payment_allocations.*
    from app_public.payment_allocations
    where payment_allocations.organization_id = refund.organization_id and payment_allocations.payment_id = refund.payment_id
      and payment_allocations.amount > 0
    order by payment_allocations.updated_at desc, payment_allocations.invoice_id desc
  loop
    exit when v_missing <= 0;
    v_part := least(v_missing, v_allocation.amount);
    perform app_private.allocate(refund.organization_id, refund.payment_id, v_allocation.invoice_id, -v_part);
    perform app_private.weigh_invoice(refund.organization_id, v_allocation.invoice_id);
    perform app_private.invoice_changed(refund.organization_id, v_allocation.invoice_id);
    v_missing := v_missing - v_part;
  end loop;
end;
$$;

comment on function app_private.make_balance is
  'Takes back what a payment pays until its balance covers a refund that a vendor said had failed and then made: those invoices are unpaid again.';
grant execute on function app_private.make_balance to app_engine;
