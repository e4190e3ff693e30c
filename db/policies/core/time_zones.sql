-- The zones one may choose from are public; migrations keep them. FND-01.

alter table app_public.time_zones enable row level security;
alter table app_public.time_zones force row level security;

grant select on app_public.time_zones to app_anonymous, app_member, app_engine;

drop policy if exists time_zones_select_everyone on app_public.time_zones;
create policy time_zones_select_everyone on app_public.time_zones
  for select to app_anonymous, app_member, app_engine
  using (true);

drop policy if exists time_zones_all_migrator on app_public.time_zones;
create policy time_zones_all_migrator on app_public.time_zones
  to app_owner using (true) with check (true);

select app_private.classify('app_public.time_zones', 'reference',
  '{"public": ["name"]}',
  unaudited => 'Reference data that only migrations change.');
