-- How long things are kept. FND-12.

alter table app_private.retentions enable row level security;
alter table app_private.retentions force row level security;

grant select on app_private.retentions to app_engine;

drop policy if exists retentions_select_engine on app_private.retentions;
create policy retentions_select_engine on app_private.retentions
  for select to app_engine
  using (true);

drop policy if exists retentions_all_migrator on app_private.retentions;
create policy retentions_all_migrator on app_private.retentions
  to app_owner using (true) with check (true);
