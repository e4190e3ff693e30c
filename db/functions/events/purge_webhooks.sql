-- Bodies are personal data and are not kept for longer than they serve: 30 days after they were applied, 90 in any
-- case. What is left proves that the event came, and goes after 90 days too. FND-25, FND-12.

set role app_engine;

create or replace function app_private.purge_webhooks() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_keep_for interval := (
    select retentions.keep_for from app_private.retentions where retentions.key = 'operations');
  v_purged int;
begin
  delete from app_private.webhook_receipts where received_at < app_hidden.now() - v_keep_for;

  update app_private.webhook_receipts set raw_body = null
  where received_at < app_hidden.now() - interval '30 days'
    and processed_at < app_hidden.now() - interval '30 days'
    and raw_body is not null;
  get diagnostics v_purged = row_count;
  return v_purged;
end;
$$;

comment on function app_private.purge_webhooks is
  'Deletes bodies of deliveries that were applied 30 days ago, and every trace of what came before the retention of '
  'operations; answers how many bodies.';
grant execute on function app_private.purge_webhooks to app_worker;

reset role;
