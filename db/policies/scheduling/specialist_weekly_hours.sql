-- Staff see everybody's usual hours; schedules.manage edits them, a specialist edits their own. Visitors meet them
-- only as free times. SCH-01.

select app_private.classify('app_public.specialist_weekly_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "weekday", "starts", "ends", "created_at",
                    "updated_at"]}');
select app_private.protect('app_public.specialist_weekly_hours', engine => 'select, insert, delete');

grant select, delete on app_public.specialist_weekly_hours to app_member;
grant insert (organization_id, specialist_id, weekday, starts, ends),
      update (weekday, starts, ends)
   on app_public.specialist_weekly_hours to app_member;

create policy specialist_weekly_hours_select_staff on app_public.specialist_weekly_hours for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_weekly_hours_insert_manager on app_public.specialist_weekly_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_insert_self on app_public.specialist_weekly_hours for insert to app_member
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_weekly_hours_update_manager on app_public.specialist_weekly_hours for update to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_update_self on app_public.specialist_weekly_hours for update to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_weekly_hours_delete_manager on app_public.specialist_weekly_hours for delete to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_delete_self on app_public.specialist_weekly_hours for delete to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_weekly_hours
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
