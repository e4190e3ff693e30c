-- Who can be booked in a calendar: staff and patients of the clinic see it, calendars.manage edits it. SCH-03, SPC-05.

select app_private.classify('app_public.calendar_specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "priority", "duration_minutes",
                    "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_specialists', engine => 'select');

grant select, delete on app_public.calendar_specialists to app_member;
grant insert (organization_id, calendar_id, specialist_id, priority, duration_minutes),
      update (priority, duration_minutes)
   on app_public.calendar_specialists to app_member;

create policy calendar_specialists_select_staff on app_public.calendar_specialists for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy calendar_specialists_select_patient on app_public.calendar_specialists for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and calendar_id in (select calendars.id from app_public.calendars)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy calendar_specialists_insert_manager on app_public.calendar_specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_specialists_update_manager on app_public.calendar_specialists for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_specialists_delete_manager on app_public.calendar_specialists for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _500_take_turns after insert on app_public.calendar_specialists
  for each row execute function app_private.tg_calendar_specialists__take_turns();

create or replace trigger _010_clinic before insert on app_public.calendar_specialists
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
