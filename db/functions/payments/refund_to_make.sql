-- What the worker asks before it asks a vendor to give money back. BIL-04, BIL-05, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.refund_to_make(id uuid)
returns table (
  refund_id uuid, organization_id uuid, payment_id uuid, provider text, provider_payment_id text, provider_refund_id text,
  currency text, amount bigint, is_repeat boolean
)
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_refund app_public.refunds := app_private.lock_refund(refund_to_make.id);
begin
  if v_refund.status not in ('queued', 'processing', 'unknown') then
    return;
  end if;
  if v_refund.status = 'queued' then
    update app_public.refunds set status = 'processing'
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  end if;
  perform graphile_worker.add_job(
    'make_refund', json_build_object('refundId', v_refund.id), run_at => app_hidden.now() + interval '6 hours',
    job_key => 'make_refund_again:' || v_refund.id);

  return query
  select v_refund.id, v_refund.organization_id, v_refund.payment_id, payments.provider, payments.provider_payment_id,
    v_refund.provider_refund_id, v_refund.currency::text, v_refund.amount, v_refund.status <> 'queued'
  from app_public.payments
  where payments.organization_id = v_refund.organization_id and payments.id = v_refund.payment_id;
end;
$$;

comment on function app_hidden.refund_to_make is
  'What a vendor is to give back of which of its payments, in minor units, with the refund as the key by which it knows a repeat; is_repeat: '
  'it may have been asked before. No row: nothing is to be given back any more.';
grant execute on function app_hidden.refund_to_make to app_worker;

reset role;

create or replace function app_private.lock_refund(refund_id uuid) returns app_public.refunds
language plpgsql volatile
set search_path = ''
as $$
declare
  v_refund app_public.refunds;
begin
  select refunds.* into v_refund from app_public.refunds where refunds.id = lock_refund.refund_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'refund_not_found');
  end if;
  perform app_private.lock_billing(v_refund.organization_id);
  select refunds.* into strict v_refund from app_public.refunds where refunds.id = lock_refund.refund_id;
  return v_refund;
end;
$$;

comment on function app_private.lock_refund is 'A refund as it is once the billing of its clinic is locked; NOT_FOUND refund_not_found.';
grant execute on function app_private.lock_refund to app_engine;
