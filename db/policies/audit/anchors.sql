-- Prepared and confirmed by the task that brings them to object storage. FND-09.

select app_private.classify('audit.anchors', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["number", "object_key", "surface", "bytes", "hash", "previous_hash", "created_at", "stored_at"]}',
  unaudited => 'The audit log itself.');
select app_private.protect('audit.anchors', engine => 'select, insert, update (stored_at)');
