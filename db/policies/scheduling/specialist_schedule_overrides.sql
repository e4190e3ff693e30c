-- Staff see everybody's vacations and other hours; schedules.manage edits them, a specialist edits their own.
-- Visitors meet them only as free times. SCH-01.

-- A note may say why somebody is away: "concediu medical" is about health.
select app_private.classify('app_public.specialist_schedule_overrides', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "kind", "starts_on", "ends_on", "starts",
                    "ends", "created_at", "updated_at"],
    "phi": ["note"]}');
select app_private.protect('app_public.specialist_schedule_overrides', engine => 'select, insert');

grant select, delete on app_public.specialist_schedule_overrides to app_member;
grant insert (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note),
      update (kind, starts_on, ends_on, starts, ends, note)
   on app_public.specialist_schedule_overrides to app_member;

create policy specialist_schedule_overrides_select_staff on app_public.specialist_schedule_overrides
  for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_schedule_overrides_insert_manager on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_insert_self on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_schedule_overrides_update_manager on app_public.specialist_schedule_overrides
  for update to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_update_self on app_public.specialist_schedule_overrides
  for update to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_schedule_overrides_delete_manager on app_public.specialist_schedule_overrides
  for delete to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_delete_self on app_public.specialist_schedule_overrides
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_schedule_overrides
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
