-- Read when something is told; changed by migrations only. FND-15.

alter table app_private.message_types enable row level security;
alter table app_private.message_types force row level security;

grant select on app_private.message_types to app_engine;
drop policy if exists message_types_select_engine on app_private.message_types;
create policy message_types_select_engine on app_private.message_types
  for select to app_engine
  using (true);

drop policy if exists message_types_all_migrator on app_private.message_types;
create policy message_types_all_migrator on app_private.message_types
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_types', 'reference',
  '{"public": ["key", "topic", "variables", "sample", "calendar_status", "urgent_within", "expires_with", "lasts", "visitor_limit"]}',
  unaudited => 'Reference data that only migrations change.');
