-- Where specialists are on some dates: staff see it, schedules.manage edits it, a specialist their own. SCH-01.

select app_private.classify('app_public.specialist_zones', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "starts_on", "ends_on", "timezone", "created_at", "updated_at"]}');
select app_private.protect('app_public.specialist_zones', engine => 'select');

grant select, delete on app_public.specialist_zones to app_member;
grant insert (organization_id, specialist_id, starts_on, ends_on, timezone),
      update (starts_on, ends_on, timezone)
   on app_public.specialist_zones to app_member;

create policy specialist_zones_select_staff on app_public.specialist_zones
  for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_zones_insert_manager on app_public.specialist_zones
  for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_zones_insert_self on app_public.specialist_zones
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_zones_update_manager on app_public.specialist_zones
  for update to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_zones_update_self on app_public.specialist_zones
  for update to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_zones_delete_manager on app_public.specialist_zones
  for delete to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_zones_delete_self on app_public.specialist_zones
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_zones
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
