-- Staff see their clinic's specialists, patients those of their clinics, guests none. The listing columns are
-- all that is granted: account, contact and the rest come from `specialist_details`, to staff only. SPC-05, SPC-06.

select app_private.classify('app_public.specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "scheduling_timezone", "scheduling_active", "created_at",
                    "updated_at", "deleted_at"],
    "pii_basic": ["human_id", "title", "given_name", "family_name", "registration_number", "contact_email",
                  "contact_phone"]}',
  person_column => 'human_id');
select app_private.allow_soft_delete('app_public.specialists', 'specialists.manage',
  'concat_ws('' '', r.title, r.given_name, r.family_name)');
select app_private.protect('app_public.specialists',
  engine => 'select, update',
  facts => '{name title, person given_name, person family_name, email contact_email, phone contact_phone}');

grant select (id, organization_id, title, given_name, family_name, scheduling_active, created_at, updated_at) on app_public.specialists to app_member;
grant insert (organization_id, human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active),
      update (human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active)
   on app_public.specialists to app_member;

create policy specialists_select_staff on app_public.specialists for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy specialists_select_patient on app_public.specialists for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and deleted_at is null);

create policy specialists_insert_manager on app_public.specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]));

create policy specialists_update_manager on app_public.specialists for update to app_member
  using (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.specialists
  for each statement execute function app_private.tg_forget_rights();
