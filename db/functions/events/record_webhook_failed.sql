-- Applying the delivery failed; that work was rolled back, this remembers why. FND-25.

set role app_engine;

create or replace function app_hidden.record_webhook_failed(receipt_id uuid, error text, is_last boolean) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.webhook_receipts
  set attempts = attempts + 1, last_error = left(record_webhook_failed.error, 500)
  where webhook_receipts.id = record_webhook_failed.receipt_id and webhook_receipts.status = 'received';
  if found and is_last then
    update app_private.webhook_receipts set status = 'failed'
    where webhook_receipts.id = record_webhook_failed.receipt_id;
  end if;
end;
$$;

comment on function app_hidden.record_webhook_failed is
  'Counts an attempt and keeps its error, which names no person; after the last one the delivery waits for an operator.';
grant execute on function app_hidden.record_webhook_failed to app_authenticator, app_worker;

reset role;
