-- Read by the rules that choose a channel; changed by migrations only. FND-15.

alter table app_private.channels enable row level security;
alter table app_private.channels force row level security;

grant select on app_private.channels to app_engine;
drop policy if exists channels_select_engine on app_private.channels;
create policy channels_select_engine on app_private.channels
  for select to app_engine
  using (true);

drop policy if exists channels_all_migrator on app_private.channels;
create policy channels_all_migrator on app_private.channels
  to app_owner using (true) with check (true);

select app_private.classify('app_private.channels', 'reference',
  '{"public": ["name", "reaches", "quiet_from", "quiet_until", "per_person_and_day"]}',
  unaudited => 'Reference data that only migrations change.');
