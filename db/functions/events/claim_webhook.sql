-- What is to be applied, locked until the caller commits, and to whom its changes are attributed. FND-25, FND-02.
-- The door and a worker may come at the same moment: the second waits, and then finds it processed.

set role app_engine;

create or replace function app_hidden.claim_webhook(receipt_id uuid)
returns table (
  id uuid,
  provider text,
  integration_id uuid,
  event_id text,
  type text,
  occurred_at timestamptz,
  received_at timestamptz,
  headers jsonb,
  raw_body bytea
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
begin
  perform set_config('app.principal_id', service_accounts.principal_id::text, true)
  from app_public.service_accounts
  where service_accounts.name = 'webhooks';

  return query
  select
    webhook_receipts.id, webhook_receipts.provider, webhook_receipts.integration_id, webhook_receipts.event_id,
    webhook_receipts.type, webhook_receipts.occurred_at, webhook_receipts.received_at, webhook_receipts.headers,
    webhook_receipts.raw_body
  from app_private.webhook_receipts
  where webhook_receipts.id = claim_webhook.receipt_id and webhook_receipts.status = 'received'
  for update;
end;
$$;

comment on function app_hidden.claim_webhook is
  'The delivery while it is still to be applied, locked for this transaction, whose writes are the account webhooks''; '
  'no row when it was processed or given up.';
grant execute on function app_hidden.claim_webhook to app_authenticator, app_worker;

reset role;
