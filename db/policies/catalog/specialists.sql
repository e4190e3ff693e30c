-- Staff see their clinic's specialists, patients those of their clinics, guests none. The listing columns are
-- all that is granted: account, contact and the rest come from `specialist_details`, to staff only. SPC-05, SPC-06.

alter table app_public.specialists enable row level security;
alter table app_public.specialists force row level security;

grant select (id, organization_id, title, given_name, family_name, scheduling_active, created_at, updated_at) on app_public.specialists to app_member;

grant insert (organization_id, human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active),
      update (human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active)
   on app_public.specialists to app_member;

drop policy if exists specialists_select_staff on app_public.specialists;
create policy specialists_select_staff on app_public.specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialists_select_patient on app_public.specialists;
create policy specialists_select_patient on app_public.specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialists_insert_manager on app_public.specialists;
create policy specialists_insert_manager on app_public.specialists
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

drop policy if exists specialists_update_manager on app_public.specialists;
create policy specialists_update_manager on app_public.specialists
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

grant select, update on app_public.specialists to app_engine;
drop policy if exists specialists_all_engine on app_public.specialists;
create policy specialists_all_engine on app_public.specialists
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of title, given_name, family_name, contact_email, contact_phone on app_public.specialists
  for each row execute function app_private.tg_read_facts('name title', 'person given_name', 'person family_name', 'email contact_email', 'phone contact_phone');

create or replace trigger _100_stamp before insert or update on app_public.specialists
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.specialists', 'clinic',
  '{"operational": ["id", "organization_id", "scheduling_timezone", "scheduling_active", "created_at",
                    "updated_at", "deleted_at"],
    "pii_basic": ["human_id", "title", "given_name", "family_name", "registration_number", "contact_email",
                  "contact_phone"]}',
  person_column => 'human_id');
select app_private.allow_soft_delete('app_public.specialists', 'specialists.manage',
  'concat_ws('' '', r.title, r.given_name, r.family_name)');
