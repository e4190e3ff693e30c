-- Kept as it came, applied by functions. FND-15, FND-25.

select app_private.classify('app_private.message_reports', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["reason"],
    "operational": ["id", "integration_id", "vendor", "vendor_id", "status", "occurred_at", "address_is_dead", "received_at", "counted_at"]}',
  unaudited => 'Each row is the record of one report.');
select app_private.protect('app_private.message_reports', engine => 'select, insert, delete, update (counted_at)');
select app_private.retain('app_private.message_reports', 'operations', 'delete', kept_from => 'received_at');
