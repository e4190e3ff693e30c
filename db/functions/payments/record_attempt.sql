-- What a vendor said of a try to take money: its answer, and its reports, which come twice, late and in any order. Whichever comes
-- first, the same is believed in the end: that the money was taken, if that was ever said; otherwise the end that the vendor said last, by
-- its own time; otherwise that it goes on. That nobody knows (unknown) is ours and not the vendor's: it is asked again.
-- BIL-04, BIL-05, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.record_attempt(
  id uuid,
  status text,
  provider_payment_id text default null,
  failure_code text default null,
  as_of timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_attempt app_public.payment_attempts := app_private.lock_attempt(record_attempt.id);
  v_as_of timestamptz := coalesce(as_of, app_hidden.now());
  v_status text := coalesce(record_attempt.status, '');
  v_payment_id text;
  v_is_new boolean;
begin
  if v_status not in ('processing', 'succeeded', 'failed', 'canceled', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'payment_status_unknown', jsonb_build_object('status', v_status));
  end if;
  v_payment_id := coalesce(record_attempt.provider_payment_id, v_attempt.provider_payment_id);
  if v_status = 'succeeded' and v_payment_id is null then
    perform app_hidden.refuse('VALIDATION', 'payment_id_missing', '{"field": "providerPaymentId"}');
  end if;
  if v_status = 'unknown' then
    if v_attempt.status not in ('queued', 'processing', 'unknown') then
      return v_attempt.status;
    end if;
    perform app_private.queue_charge(v_attempt.id, app_hidden.now() + interval '5 minutes');
  end if;
  -- The money is taken at most once by an attempt; a second id would be a second payment, which is kept and told.
  if v_status = 'succeeded' then
    if v_attempt.status in ('failed', 'canceled') and v_attempt.provider_as_of > v_as_of
       or v_attempt.provider_payment_id <> record_attempt.provider_payment_id then
      perform app_private.contradict_payment(v_attempt);
    end if;
  elsif v_attempt.status = 'succeeded' then
    if v_status in ('failed', 'canceled') and v_as_of > v_attempt.provider_as_of then
      perform app_private.contradict_payment(v_attempt);
    end if;
    return v_attempt.status;
  end if;

  v_is_new := case
    when v_status = 'unknown' then v_attempt.status <> 'unknown'
    when v_status = 'succeeded' then true
    when v_status = 'processing'
      then v_attempt.status in ('queued', 'processing', 'unknown') and v_as_of >= coalesce(v_attempt.provider_as_of, '-infinity')
    when v_attempt.status in ('queued', 'processing', 'unknown') then true
    -- Two ends: the later one, and of one instant the one that was canceled.
    else (v_as_of, v_status = 'canceled') > (coalesce(v_attempt.provider_as_of, '-infinity'), v_attempt.status = 'canceled')
  end;
  if not v_is_new then
    return v_attempt.status;
  end if;

  update app_public.payment_attempts set
    failure_code = case when v_status in ('failed', 'unknown') then left(record_attempt.failure_code, 100) end,
    provider_payment_id = coalesce(payment_attempts.provider_payment_id, record_attempt.provider_payment_id),
    provider_as_of = case
      when v_status = 'unknown' then payment_attempts.provider_as_of
      -- Nothing but the same success comes here after one.
      when v_attempt.status = 'succeeded' then least(payment_attempts.provider_as_of, v_as_of)
      else v_as_of
    end,
    settled_at = case when v_status in ('succeeded', 'failed', 'canceled') then coalesce(v_attempt.settled_at, app_hidden.now()) end
  where payment_attempts.organization_id = v_attempt.organization_id and payment_attempts.id = v_attempt.id;
  if v_status <> v_attempt.status then
    update app_public.payment_attempts set status = v_status
    where payment_attempts.organization_id = v_attempt.organization_id and payment_attempts.id = v_attempt.id;
  end if;

  if v_status = 'succeeded' then
    perform app_private.settle_payment(
      v_attempt.organization_id, v_attempt.invoice_id, v_attempt.provider, 'card', v_payment_id,
      v_attempt.amount, (v_as_of at time zone 'UTC')::date, attempt_id => v_attempt.id);
  else
    if v_status = 'failed' and v_attempt.status <> 'failed' then
      perform app_private.publish(
        'payment_attempt.failed', v_attempt.organization_id, v_attempt.id,
        jsonb_build_object('attemptId', v_attempt.id, 'invoiceId', v_attempt.invoice_id));
    end if;
    perform app_private.settle_account(invoices.organization_id, invoices.currency, array[invoices.id])
    from app_public.invoices
    where invoices.organization_id = v_attempt.organization_id and invoices.id = v_attempt.invoice_id;
  end if;
  return v_status;
end;
$$;

comment on function app_hidden.record_attempt is
  E'Says what a vendor answered or reported of a try to take money: processing, succeeded, failed or canceled, as of the vendor''s own time; '
  'unknown when its answer was lost. Answers the status that is believed then. NOT_FOUND payment_attempt_not_found, VALIDATION '
  'payment_status_unknown, payment_id_missing.';
grant execute on function app_hidden.record_attempt to app_worker;

reset role;

create or replace function app_private.contradict_payment(attempt app_public.payment_attempts) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish(
    'payment.contradicted', attempt.organization_id, attempt.id,
    jsonb_build_object('attemptId', attempt.id, 'invoiceId', attempt.invoice_id));
end;
$$;

comment on function app_private.contradict_payment is 'Publishes that what a vendor says of a try to take money contradicts what it said.';
grant execute on function app_private.contradict_payment to app_engine;
