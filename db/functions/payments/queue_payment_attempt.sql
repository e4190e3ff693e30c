-- Queues a payment of an invoice at a provider that charges by itself. BIL-04.

create or replace function app_private.queue_payment_attempt(
  organization_id uuid, invoice_id uuid, due_at timestamptz default app_hidden.now()
) returns app_public.payment_attempts
language sql volatile
set search_path = ''
return null::app_public.payment_attempts;

comment on function app_private.queue_payment_attempt is 'The attempt that was queued; null where nobody is charged.';
grant execute on function app_private.queue_payment_attempt to app_engine;
