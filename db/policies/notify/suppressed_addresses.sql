-- Read when something is told, added to by bounces and complaints, taken from when it is lifted. FND-15, FND-35.

alter table app_private.suppressed_addresses enable row level security;
alter table app_private.suppressed_addresses force row level security;

grant select, insert, delete on app_private.suppressed_addresses to app_engine;
drop policy if exists suppressed_addresses_all_engine on app_private.suppressed_addresses;
create policy suppressed_addresses_all_engine on app_private.suppressed_addresses
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.suppressed_addresses', 'clinic',
  '{"pii_basic": ["address"], "operational": ["channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report; when it is lifted, lifted_suppressions says so, on record.');
