-- Read when a visitor causes something; changed by migrations, or by an operator under attack. FND-35.

alter table app_private.visitor_limits enable row level security;
alter table app_private.visitor_limits force row level security;

grant select on app_private.visitor_limits to app_engine;
drop policy if exists visitor_limits_select_engine on app_private.visitor_limits;
create policy visitor_limits_select_engine on app_private.visitor_limits
  for select to app_engine
  using (true);

drop policy if exists visitor_limits_all_migrator on app_private.visitor_limits;
create policy visitor_limits_all_migrator on app_private.visitor_limits
  to app_owner using (true) with check (true);

select app_private.classify('app_private.visitor_limits', 'reference',
  '{"public": ["name", "per_hour", "per_day"]}',
  unaudited => 'Reference data that only migrations change.');
