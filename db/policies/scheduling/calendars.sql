-- Who sees and edits calendars. Staff by membership, patients of the clinic those that are open to them; guests only
-- through `available_slots`. SCH-02, SPC-05.

select app_private.classify('app_public.calendars', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "service_id", "name", "translations", "timezone", "modality",
               "duration_minutes", "price_amount", "capacity"],
    "operational": ["assignment_strategy", "allows_any_specialist", "step_minutes", "buffer_before_minutes",
                    "buffer_after_minutes", "notice_minutes", "horizon_days", "is_public", "is_active",
                    "booking_policy_id", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.calendars', 'calendars.manage', 'r.name', follows => 'app_public.services');
select app_private.protect('app_public.calendars', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select on app_public.calendars to app_member;
grant insert (organization_id, service_id, name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, capacity, is_public, is_active, booking_policy_id),
      update (name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, capacity, is_public, is_active, booking_policy_id)
   on app_public.calendars to app_member;

create policy calendars_select_staff on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy calendars_select_patient on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and is_public and is_active and deleted_at is null);

create policy calendars_insert_manager on app_public.calendars for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendars_update_manager on app_public.calendars for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendars
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
