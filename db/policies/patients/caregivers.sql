-- Who acts for whom: the caregiver, the person, and staff of a clinic of the person. FND-07.

alter table app_public.caregivers enable row level security;
alter table app_public.caregivers force row level security;

grant select on app_public.caregivers to app_member;

drop policy if exists caregivers_select_self on app_public.caregivers;
create policy caregivers_select_self on app_public.caregivers
  for select to app_member
  using (human_id = (select app_hidden.current_account_id()));

drop policy if exists caregivers_select_person on app_public.caregivers;
create policy caregivers_select_person on app_public.caregivers
  for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

drop policy if exists caregivers_select_staff on app_public.caregivers;
create policy caregivers_select_staff on app_public.caregivers
  for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = caregivers.patient_profile_id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

grant select, insert, update on app_public.caregivers to app_engine;
drop policy if exists caregivers_all_engine on app_public.caregivers;
create policy caregivers_all_engine on app_public.caregivers
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.caregivers
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.caregivers', 'medical_record',
  '{"operational": ["id", "added_by", "ends_on", "revoked_at", "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "human_id", "relationship"]}',
  person_column => 'patient_profile_id');
