-- The delivery was applied, in the transaction that applied it. FND-25.

set role app_engine;

create or replace function app_hidden.record_webhook_processed(receipt_id uuid, outcome text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.webhook_receipts
  set status = 'processed', outcome = record_webhook_processed.outcome, processed_at = app_hidden.now(),
      attempts = attempts + 1, last_error = null
  where webhook_receipts.id = record_webhook_processed.receipt_id and webhook_receipts.status = 'received'
$$;

comment on function app_hidden.record_webhook_processed is 'Marks a delivery as applied, and says what that came to.';
grant execute on function app_hidden.record_webhook_processed to app_authenticator, app_worker;

reset role;
