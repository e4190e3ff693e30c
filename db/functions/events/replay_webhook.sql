-- An operator lets a delivery be applied again: after a fault was mended, or to see that nothing changes. FND-25.

set role app_engine;

create or replace function app_public.replay_webhook(provider text, event_id text) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_receipt app_private.webhook_receipts;
  v_found boolean := false;
  v_replayed int := 0;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;

  -- Accounts of one vendor number their own events: where two agree, both are replayed.
  for v_receipt in
    select webhook_receipts.*
    from app_private.webhook_receipts
    where webhook_receipts.provider = replay_webhook.provider and webhook_receipts.event_id = replay_webhook.event_id
    order by webhook_receipts.id
    for update
  loop
    v_found := true;
    continue when v_receipt.raw_body is null;
    update app_private.webhook_receipts
    set status = 'received', outcome = null, processed_at = null, attempts = 0, last_error = null
    where webhook_receipts.id = v_receipt.id and webhook_receipts.status <> 'received';
    -- A job that has used up its attempts starts anew under the same key.
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', v_receipt.id), job_key => 'webhook:' || v_receipt.id, max_attempts => 12);
    v_replayed := v_replayed + 1;
  end loop;

  if not v_found then
    perform app_hidden.refuse('NOT_FOUND', 'webhook_not_found');
  elsif v_replayed = 0 then
    perform app_hidden.refuse('GONE', 'webhook_body_purged');
  end if;
  return v_replayed;
end;
$$;

comment on function app_public.replay_webhook is
  E'@resultFieldName deliveries\n'
  'Applies a vendor''s event once more, by the vendor''s own id of it; answers how many deliveries that is. Superadmin only. '
  'GONE webhook_body_purged when its body was deleted.';
grant execute on function app_public.replay_webhook to app_member;

reset role;
