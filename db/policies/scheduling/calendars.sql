-- Who sees and edits calendars. Staff by membership, patients of the clinic those that are open to them; guests only
-- through `available_slots`. SCH-02, SPC-05.

alter table app_public.calendars enable row level security;
alter table app_public.calendars force row level security;

grant select on app_public.calendars to app_member;
grant insert (organization_id, service_id, name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active),
      update (name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active)
   on app_public.calendars to app_member;

drop policy if exists calendars_select_staff on app_public.calendars;
create policy calendars_select_staff on app_public.calendars
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists calendars_select_patient on app_public.calendars;
create policy calendars_select_patient on app_public.calendars
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
         and is_public and is_active and deleted_at is null);

drop policy if exists calendars_insert_manager on app_public.calendars;
create policy calendars_insert_manager on app_public.calendars
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

drop policy if exists calendars_update_manager on app_public.calendars;
create policy calendars_update_manager on app_public.calendars
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

grant select on app_public.calendars to app_engine;
drop policy if exists calendars_select_engine on app_public.calendars;
create policy calendars_select_engine on app_public.calendars
  for select to app_engine
  using (true);

grant update (deleted_at) on app_public.calendars to app_engine;
drop policy if exists calendars_update_engine on app_public.calendars;
create policy calendars_update_engine on app_public.calendars
  for update to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of name on app_public.calendars
  for each row execute function app_private.tg_read_facts('name name');

create or replace trigger _100_stamp before insert or update on app_public.calendars
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.calendars', 'clinic',
  '{"public": ["id", "organization_id", "service_id", "name", "translations", "timezone", "modality",
               "duration_minutes", "price_amount"],
    "operational": ["assignment_strategy", "allows_any_specialist", "step_minutes", "buffer_before_minutes",
                    "buffer_after_minutes", "notice_minutes", "horizon_days", "is_public", "is_active",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.calendars', 'calendars.manage', 'r.name', follows => 'app_public.services');
