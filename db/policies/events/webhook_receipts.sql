-- Taken, applied and purged through functions; nobody reads what a vendor sent. FND-25.

select app_private.classify('app_private.webhook_receipts', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["raw_body", "headers", "last_error"],
    "operational": ["id", "provider", "integration_id", "event_id", "type", "occurred_at", "received_at",
                    "body_hash", "status", "outcome", "attempts", "processed_at", "conflict_count",
                    "conflicted_at"]}',
  kept => '{"webhook_bodies": ["raw_body"]}',
  unaudited => 'It is a trace itself; what a delivery changes is followed where it changes it.');
select app_private.protect('app_private.webhook_receipts', engine => 'select, insert, update, delete', guard => true);
-- A body that was not applied is there to be replayed for as long as its row.
select app_private.retain('app_private.webhook_receipts', 'webhook_bodies', 'blank', kept_from => 'processed_at');
select app_private.retain('app_private.webhook_receipts', 'operations', 'delete', kept_from => 'received_at');
