-- Taken, applied and purged through functions; nobody reads what a vendor sent. FND-25.

alter table app_private.webhook_receipts enable row level security;
alter table app_private.webhook_receipts force row level security;

grant select, insert, update, delete on app_private.webhook_receipts to app_engine;

drop policy if exists webhook_receipts_all_engine on app_private.webhook_receipts;
create policy webhook_receipts_all_engine on app_private.webhook_receipts
  for all to app_engine
  using (true) with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_private.webhook_receipts
  for each row execute function app_private.tg_guard_state();

select app_private.classify('app_private.webhook_receipts', 'operations',
  '{"pii_basic": ["raw_body", "headers", "last_error"],
    "operational": ["id", "provider", "integration_id", "event_id", "type", "occurred_at", "received_at",
                    "body_hash", "status", "outcome", "attempts", "processed_at", "conflict_count",
                    "conflicted_at"]}',
  kept => '{"webhook_bodies": ["raw_body"]}',
  unaudited => 'It is a trace itself; what a delivery changes is followed where it changes it.');
-- A body that was not applied is there to be replayed for as long as its row.
select app_private.retain('app_private.webhook_receipts', 'webhook_bodies', 'blank', kept_from => 'processed_at');
select app_private.retain('app_private.webhook_receipts', 'operations', 'delete', kept_from => 'received_at');
