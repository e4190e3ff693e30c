-- Prepared and confirmed by the task that brings them to object storage. FND-09.

alter table audit.anchors enable row level security;
alter table audit.anchors force row level security;

grant select, insert, update (stored_at) on audit.anchors to app_engine;
drop policy if exists anchors_all_engine on audit.anchors;
create policy anchors_all_engine on audit.anchors
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('audit.anchors', 'ledger',
  '{"operational": ["number", "object_key", "surface", "bytes", "hash", "previous_hash", "created_at", "stored_at"]}',
  unaudited => 'The audit log itself.');
