-- Workers beat, and are reaped, through functions. FND-14.

alter table app_private.worker_heartbeats enable row level security;
alter table app_private.worker_heartbeats force row level security;

grant select, insert, update, delete on app_private.worker_heartbeats to app_engine;

drop policy if exists worker_heartbeats_all_engine on app_private.worker_heartbeats;
create policy worker_heartbeats_all_engine on app_private.worker_heartbeats
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.worker_heartbeats', 'operations',
  '{"operational": ["worker_id", "host", "pid", "started_at", "seen_at"]}',
  unaudited => 'A sign of life every few seconds, of processes and not of people.');
