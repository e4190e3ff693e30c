-- Written by publish(), read by consumers; never changed. FND-14.

alter table app_private.events enable row level security;
alter table app_private.events force row level security;

grant select, insert on app_private.events to app_engine;

drop policy if exists events_all_engine on app_private.events;
create policy events_all_engine on app_private.events
  for all to app_engine
  using (true) with check (true);
