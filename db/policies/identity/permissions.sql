-- What can be allowed is no secret to whoever edits roles. FND-04.

alter table app_public.permissions enable row level security;
alter table app_public.permissions force row level security;

grant select on app_public.permissions to app_member, app_engine;

drop policy if exists permissions_select_everyone on app_public.permissions;
create policy permissions_select_everyone on app_public.permissions
  for select to app_member, app_engine
  using (true);

drop policy if exists permissions_all_migrator on app_public.permissions;
create policy permissions_all_migrator on app_public.permissions
  for all to app_owner
  using (true)
  with check (true);

select app_private.classify('app_public.permissions', 'reference',
  '{"public": ["name", "description"]}',
  unaudited => 'Reference data that only migrations change.');
