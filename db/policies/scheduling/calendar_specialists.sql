-- Who can be booked in a calendar: staff and patients of the clinic see it, calendars.manage edits it. SCH-03, SPC-05.

alter table app_public.calendar_specialists enable row level security;
alter table app_public.calendar_specialists force row level security;

grant select, delete on app_public.calendar_specialists to app_member;
grant insert (organization_id, calendar_id, specialist_id, priority, duration_minutes),
      update (priority, duration_minutes)
   on app_public.calendar_specialists to app_member;

drop policy if exists calendar_specialists_select_staff on app_public.calendar_specialists;
create policy calendar_specialists_select_staff on app_public.calendar_specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

drop policy if exists calendar_specialists_select_patient on app_public.calendar_specialists;
create policy calendar_specialists_select_patient on app_public.calendar_specialists
  for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and calendar_id in (select calendars.id from app_public.calendars)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

drop policy if exists calendar_specialists_insert_manager on app_public.calendar_specialists;
create policy calendar_specialists_insert_manager on app_public.calendar_specialists
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

drop policy if exists calendar_specialists_update_manager on app_public.calendar_specialists;
create policy calendar_specialists_update_manager on app_public.calendar_specialists
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

drop policy if exists calendar_specialists_delete_manager on app_public.calendar_specialists;
create policy calendar_specialists_delete_manager on app_public.calendar_specialists
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

grant select on app_public.calendar_specialists to app_engine;
drop policy if exists calendar_specialists_select_engine on app_public.calendar_specialists;
create policy calendar_specialists_select_engine on app_public.calendar_specialists
  for select to app_engine
  using (true);

create or replace trigger _100_stamp before insert or update on app_public.calendar_specialists
  for each row execute function app_private.tg_stamp();

create or replace trigger _500_take_turns after insert on app_public.calendar_specialists
  for each row execute function app_private.tg_calendar_specialists__take_turns();

select app_private.classify('app_public.calendar_specialists', 'clinic',
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "priority", "duration_minutes",
                    "created_at", "updated_at"]}');
