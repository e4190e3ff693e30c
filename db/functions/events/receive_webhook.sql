-- Keeps a verified delivery and queues its processing, both or neither. FND-25.
-- The vendor's id of the event is the key: whoever sends it again, twenty times at once, finds it taken. The same id
-- with another body is not the same event: the first stays, the other is counted and refused.

set role app_engine;

create or replace function app_hidden.receive_webhook(
  provider text,
  integration_id uuid,
  event_id text,
  type text,
  occurred_at timestamptz,
  headers jsonb,
  raw_body bytea,
  out receipt_id uuid,
  out verdict text
)
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.webhook_receipts
    (provider, integration_id, event_id, type, occurred_at, received_at, headers, raw_body, body_hash)
  values
    (receive_webhook.provider, receive_webhook.integration_id, receive_webhook.event_id, receive_webhook.type,
     receive_webhook.occurred_at, app_hidden.now(), receive_webhook.headers, receive_webhook.raw_body,
     sha256(receive_webhook.raw_body))
  on conflict on constraint webhook_receipts_event_is_taken_once do nothing
  returning id into receipt_id;

  if receipt_id is not null then
    -- Twelve attempts take about sixteen hours.
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', receipt_id), job_key => 'webhook:' || receipt_id, max_attempts => 12);
    verdict := 'received';
    return;
  end if;

  select webhook_receipts.id, case when webhook_receipts.body_hash = sha256(receive_webhook.raw_body) then 'duplicate' else 'conflict' end
  into strict receipt_id, verdict
  from app_private.webhook_receipts
  where webhook_receipts.provider = receive_webhook.provider
    and webhook_receipts.integration_id is not distinct from receive_webhook.integration_id
    and webhook_receipts.event_id = receive_webhook.event_id;
  if verdict = 'conflict' then
    update app_private.webhook_receipts
    set conflict_count = conflict_count + 1, conflicted_at = app_hidden.now()
    where webhook_receipts.id = receipt_id;
  end if;
end;
$$;

comment on function app_hidden.receive_webhook is
  'Takes a delivery whose signature was checked: received with its job, duplicate (nothing happens), or conflict: the '
  'event id is known with another body, which is counted and not kept.';
grant execute on function app_hidden.receive_webhook to app_authenticator;

reset role;
