-- Kept as it came, applied by functions. FND-15, FND-25.

alter table app_private.message_reports enable row level security;
alter table app_private.message_reports force row level security;

grant select, insert, delete, update (counted_at) on app_private.message_reports to app_engine;
drop policy if exists message_reports_all_engine on app_private.message_reports;
create policy message_reports_all_engine on app_private.message_reports
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.message_reports', 'operations',
  '{"pii_basic": ["reason"],
    "operational": ["id", "integration_id", "vendor", "vendor_id", "status", "occurred_at", "address_is_dead", "received_at", "counted_at"]}',
  unaudited => 'Each row is the record of one report.');
select app_private.retain('app_private.message_reports', 'operations', 'delete', kept_from => 'received_at');
