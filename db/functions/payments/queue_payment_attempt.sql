-- A try to take the money of an invoice at a provider that takes it by itself: a row, and the job that asks. One is open at a time, so
-- whoever queues another gets it. BIL-04, BIL-05, docs/decisions/0187.

create or replace function app_private.queue_payment_attempt(
  organization_id uuid, invoice_id uuid, due_at timestamptz default app_hidden.now()
) returns app_public.payment_attempts
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_attempt app_public.payment_attempts;
  v_provider text;
begin
  perform app_private.lock_billing(queue_payment_attempt.organization_id);
  v_invoice := app_private.lock_invoice(queue_payment_attempt.organization_id, queue_payment_attempt.invoice_id);
  select organization_subscriptions.provider into strict v_provider
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = v_invoice.organization_id
    and organization_subscriptions.id = v_invoice.subscription_id;
  if v_invoice.status <> 'issued' or app_private.invoice_due(v_invoice) <= 0 or not app_private.charges_by_itself(v_provider) then
    return null;
  end if;
  select payment_attempts.* into v_attempt
  from app_public.payment_attempts
  where payment_attempts.organization_id = v_invoice.organization_id and payment_attempts.invoice_id = v_invoice.id
    and payment_attempts.status in ('queued', 'processing', 'unknown');
  if found then
    return v_attempt;
  end if;

  insert into app_public.payment_attempts (organization_id, invoice_id, position, provider, amount, due_at)
  select v_invoice.organization_id, v_invoice.id, count(*) + 1, v_provider, app_private.invoice_due(v_invoice), queue_payment_attempt.due_at
  from app_public.payment_attempts
  where payment_attempts.organization_id = v_invoice.organization_id and payment_attempts.invoice_id = v_invoice.id
  returning * into v_attempt;
  perform app_private.queue_charge(v_attempt.id, v_attempt.due_at);
  return v_attempt;
end;
$$;

comment on function app_private.queue_payment_attempt is
  'Queues a try to take what is due of an invoice, at an instant; the one that is open, where one is. Null where the clinic sends its money '
  'itself, and for an invoice of which nothing is due.';
grant execute on function app_private.queue_payment_attempt to app_engine;

create or replace function app_private.queue_charge(attempt_id uuid, due_at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'charge_invoice', json_build_object('attemptId', queue_charge.attempt_id), run_at => queue_charge.due_at,
    job_key => 'charge_invoice:' || queue_charge.attempt_id);
end;
$$;

comment on function app_private.queue_charge is 'Queues the job that asks a vendor for the money of an invoice, from an instant on.';
grant execute on function app_private.queue_charge to app_engine;
