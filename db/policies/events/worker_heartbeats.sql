-- Workers beat, and are reaped, through functions. FND-14.

alter table app_private.worker_heartbeats enable row level security;
alter table app_private.worker_heartbeats force row level security;

grant select, insert, update, delete on app_private.worker_heartbeats to app_engine;

drop policy if exists worker_heartbeats_all_engine on app_private.worker_heartbeats;
create policy worker_heartbeats_all_engine on app_private.worker_heartbeats
  for all to app_engine
  using (true) with check (true);
