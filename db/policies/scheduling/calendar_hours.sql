-- Staff see a calendar's own hours, calendars.manage edits them. SCH-02, SCH-03.

select app_private.classify('app_public.calendar_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "calendar_id", "specialist_id", "weekday", "starts", "ends",
                    "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_hours', engine => 'select');

grant select, delete on app_public.calendar_hours to app_member;
grant insert (organization_id, calendar_id, specialist_id, weekday, starts, ends),
      update (specialist_id, weekday, starts, ends)
   on app_public.calendar_hours to app_member;

create policy calendar_hours_select_staff on app_public.calendar_hours for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy calendar_hours_insert_manager on app_public.calendar_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_hours_update_manager on app_public.calendar_hours for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_hours_delete_manager on app_public.calendar_hours for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendar_hours
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
