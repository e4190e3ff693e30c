-- Read when something is told, added to by what a clinic's own vendor reports, taken from when it is lifted. FND-35.

alter table app_private.clinic_suppressed_addresses enable row level security;
alter table app_private.clinic_suppressed_addresses force row level security;

grant select, insert, delete on app_private.clinic_suppressed_addresses to app_engine;
drop policy if exists clinic_suppressed_addresses_all_engine on app_private.clinic_suppressed_addresses;
create policy clinic_suppressed_addresses_all_engine on app_private.clinic_suppressed_addresses
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_private.clinic_suppressed_addresses', 'clinic',
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report; when it is lifted, lifted_suppressions says so, on record.');
