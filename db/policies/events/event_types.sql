-- Read by publish(); changed by migrations only. FND-14.

alter table app_private.event_types enable row level security;
alter table app_private.event_types force row level security;

grant select on app_private.event_types to app_engine;

drop policy if exists event_types_all_engine on app_private.event_types;
drop policy if exists event_types_select_engine on app_private.event_types;
create policy event_types_select_engine on app_private.event_types
  for select to app_engine
  using (true);

drop policy if exists event_types_all_migrator on app_private.event_types;
create policy event_types_all_migrator on app_private.event_types
  to app_owner using (true) with check (true);

select app_private.classify('app_private.event_types', 'reference',
  '{"public": ["name", "version", "description", "subject_type", "payload_schema"]}',
  unaudited => 'Reference data that only migrations change.');
