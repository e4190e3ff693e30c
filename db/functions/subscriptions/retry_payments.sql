-- Payments of overdue bills are tried again. After an outage several steps of one bill are due, and they are one attempt. BIL-05.

create or replace function app_private.retry_payments(subscription app_public.organization_subscriptions) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice_id uuid;
begin
  for v_invoice_id in
    select distinct steps.invoice_id
    from app_private.dunning_steps_of(subscription) as steps
    where steps.action = 'retry' and steps.due_at <= app_hidden.now() and steps.done_at is null
    order by steps.invoice_id
  loop
    perform app_private.queue_payment_attempt(subscription.organization_id, v_invoice_id);
  end loop;
  perform app_private.note_dunning(subscription, 'retry');
end;
$$;

comment on function app_private.retry_payments is 'Queues an attempt for each bill of a locked subscription whose next retry is due.';
grant execute on function app_private.retry_payments to app_engine;
