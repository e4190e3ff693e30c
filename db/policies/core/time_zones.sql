-- The zones one may choose from are public; migrations keep them. FND-01.

select app_private.classify('app_public.time_zones', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.time_zones');

grant select on app_public.time_zones to app_anonymous, app_member, app_engine;

create policy time_zones_select_everyone on app_public.time_zones for select to app_anonymous, app_member, app_engine
  using (true);
