-- Queued by the trigger of events, worked off through functions. FND-14.

alter table app_private.event_deliveries enable row level security;
alter table app_private.event_deliveries force row level security;

grant select, insert, update on app_private.event_deliveries to app_engine;

drop policy if exists event_deliveries_all_engine on app_private.event_deliveries;
create policy event_deliveries_all_engine on app_private.event_deliveries
  for all to app_engine
  using (true) with check (true);
