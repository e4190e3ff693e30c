-- What bookings of a calendar need: staff see it, calendars.manage edits it. SCH-11.

select app_private.classify('app_public.calendar_resources', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "calendar_id", "type", "resource_id", "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_resources', engine => 'select', facts => '{name type}');

grant select, delete on app_public.calendar_resources to app_member;
grant insert (organization_id, calendar_id, type, resource_id),
      update (type, resource_id)
   on app_public.calendar_resources to app_member;

create policy calendar_resources_select_staff on app_public.calendar_resources for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy calendar_resources_insert_manager on app_public.calendar_resources for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_resources_update_manager on app_public.calendar_resources for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_resources_delete_manager on app_public.calendar_resources for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendar_resources
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
