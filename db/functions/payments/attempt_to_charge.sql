-- What the worker asks before it asks a vendor for money. What is due is looked at then, after the clinic's balance has paid what it can;
-- from then on the amount stays, since the vendor knows a repeat by the id of the attempt and has to be asked for the same.
-- BIL-04, BIL-05, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.attempt_to_charge(id uuid)
returns table (
  attempt_id uuid, organization_id uuid, invoice_id uuid, invoice_number text, provider text, provider_customer_id text,
  provider_payment_id text, currency text, amount bigint, is_repeat boolean
)
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_attempt app_public.payment_attempts := app_private.lock_attempt(attempt_to_charge.id);
  v_invoice app_public.invoices;
  v_is_repeat boolean;
begin
  if v_attempt.status not in ('queued', 'processing', 'unknown') then
    return;
  end if;
  v_is_repeat := v_attempt.status <> 'queued';
  select invoices.* into strict v_invoice
  from app_public.invoices
  where invoices.organization_id = v_attempt.organization_id and invoices.id = v_attempt.invoice_id;
  if not v_is_repeat then
    perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
    select invoices.* into strict v_invoice
    from app_public.invoices
    where invoices.organization_id = v_attempt.organization_id and invoices.id = v_attempt.invoice_id;
    if v_invoice.status <> 'issued' then
      -- It is settled: settle_account() has canceled the attempt.
      return;
    elsif v_invoice.total_amount is null then
      -- The invoicing provider has not said yet what the invoice comes to.
      perform app_private.queue_charge(v_attempt.id, app_hidden.now() + interval '10 minutes');
      return;
    end if;
    update app_public.payment_attempts set status = 'processing', amount = app_private.invoice_due(v_invoice)
    where payment_attempts.organization_id = v_attempt.organization_id and payment_attempts.id = v_attempt.id
    returning * into v_attempt;
    perform app_private.weigh_invoice(v_invoice.organization_id, v_invoice.id);
  end if;
  -- Whatever becomes of the job and of the vendor's reports: the vendor is asked again until it says the end.
  perform graphile_worker.add_job(
    'charge_invoice', json_build_object('attemptId', v_attempt.id), run_at => app_hidden.now() + interval '6 hours',
    job_key => 'charge_invoice_again:' || v_attempt.id);

  return query
  select v_attempt.id, v_attempt.organization_id, v_attempt.invoice_id, v_invoice.series || ' ' || v_invoice.number, v_attempt.provider,
    organization_subscriptions.provider_customer_id, v_attempt.provider_payment_id, v_invoice.currency::text, v_attempt.amount,
    v_is_repeat
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = v_invoice.organization_id
    and organization_subscriptions.id = v_invoice.subscription_id;
end;
$$;

comment on function app_hidden.attempt_to_charge is
  'What a vendor is to be asked for, in minor units, with the attempt as the key by which it knows a repeat; is_repeat: it may have been asked '
  'before. No row: nothing is to be asked, or not yet, and then the job is queued again.';
grant execute on function app_hidden.attempt_to_charge to app_worker;

reset role;

create or replace function app_private.lock_attempt(attempt_id uuid) returns app_public.payment_attempts
language plpgsql volatile
set search_path = ''
as $$
declare
  v_attempt app_public.payment_attempts;
begin
  select payment_attempts.* into v_attempt
  from app_public.payment_attempts
  where payment_attempts.id = lock_attempt.attempt_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'payment_attempt_not_found');
  end if;
  perform app_private.lock_billing(v_attempt.organization_id);
  perform app_private.lock_invoice(v_attempt.organization_id, v_attempt.invoice_id);
  select payment_attempts.* into strict v_attempt
  from app_public.payment_attempts
  where payment_attempts.id = lock_attempt.attempt_id;
  return v_attempt;
end;
$$;

comment on function app_private.lock_attempt is
  'A try to take money as it is once the billing of its clinic and its invoice are locked; NOT_FOUND payment_attempt_not_found.';
grant execute on function app_private.lock_attempt to app_engine;
