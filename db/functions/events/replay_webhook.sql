-- An operator lets a delivery be applied again: after a fault was mended, or to see that nothing changes. FND-25.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: policies/events/graphile_worker.sql

set role app_engine;

create or replace function app_public.replay_webhook(provider text, event_id text, integration_id uuid default null)
returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_receipt app_private.webhook_receipts;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform replays deliveries.');
  end if;

  select webhook_receipts.* into v_receipt
  from app_private.webhook_receipts
  where webhook_receipts.provider = replay_webhook.provider
    and webhook_receipts.event_id = replay_webhook.event_id
    and webhook_receipts.integration_id is not distinct from replay_webhook.integration_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'webhook_not_found', '{}', 'No such event came, or its trace has been deleted.');
  end if;
  if v_receipt.raw_body is null then
    perform app_hidden.refuse('GONE', 'webhook_body_purged', '{}', 'What it said has been deleted. Let the vendor send it again.');
  end if;

  update app_private.webhook_receipts
  set status = 'received', outcome = null, processed_at = null, attempts = 0, last_error = null
  where webhook_receipts.id = v_receipt.id and webhook_receipts.status <> 'received';
  -- A job that has used up its attempts starts anew under the same key.
  perform graphile_worker.add_job(
    'process_webhook', json_build_object('receiptId', v_receipt.id), job_key => 'webhook:' || v_receipt.id, max_attempts => 12);
  return 'received';
end;
$$;

comment on function app_public.replay_webhook(text, text, uuid) is
  'Applies a vendor''s event once more, by the vendor''s own id of it. Superadmin only. GONE webhook_body_purged when its '
  'body was deleted.';
revoke all on function app_public.replay_webhook(text, text, uuid) from public;
grant execute on function app_public.replay_webhook(text, text, uuid) to app_member;

reset role;
