-- Read by the engine; changed by migrations only. FND-14.

alter table app_private.event_consumers enable row level security;
alter table app_private.event_consumers force row level security;

grant select on app_private.event_consumers to app_engine;

drop policy if exists event_consumers_all_engine on app_private.event_consumers;
drop policy if exists event_consumers_select_engine on app_private.event_consumers;
create policy event_consumers_select_engine on app_private.event_consumers
  for select to app_engine
  using (true);

drop policy if exists event_consumers_all_migrator on app_private.event_consumers;
create policy event_consumers_all_migrator on app_private.event_consumers
  to app_owner using (true) with check (true);

select app_private.classify('app_private.event_consumers', 'reference',
  '{"public": ["name", "description"]}',
  unaudited => 'Reference data that only migrations change.');
