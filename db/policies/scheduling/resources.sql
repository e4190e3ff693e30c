-- Rooms and equipment: staff see them, calendars.manage edits them. Patients meet those of their appointments by
-- appointment_resources(), guests only as free times. SCH-11.

select app_private.classify('app_public.resources', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "kind", "type", "name"],
    "operational": ["is_active", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.resources', 'calendars.manage', 'r.name');
select app_private.protect('app_public.resources', engine => 'select, update (deleted_at)', facts => '{name name, name type}');

grant select on app_public.resources to app_member;
grant insert (organization_id, kind, type, name, is_active),
      update (kind, type, name, is_active)
   on app_public.resources to app_member;

create policy resources_select_staff on app_public.resources for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy resources_insert_manager on app_public.resources for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy resources_update_manager on app_public.resources for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));
