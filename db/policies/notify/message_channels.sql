-- Read when something is told; changed by migrations only. FND-15.

alter table app_private.message_channels enable row level security;
alter table app_private.message_channels force row level security;

grant select on app_private.message_channels to app_engine;
drop policy if exists message_channels_select_engine on app_private.message_channels;
create policy message_channels_select_engine on app_private.message_channels
  for select to app_engine
  using (true);

drop policy if exists message_channels_all_migrator on app_private.message_channels;
create policy message_channels_all_migrator on app_private.message_channels
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_channels', 'reference',
  '{"public": ["template_key", "channel", "route", "rank", "is_default"]}',
  unaudited => 'Reference data that only migrations change.');
