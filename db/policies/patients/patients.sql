-- A clinic's patients: staff with patients.view, and the person. FND-07.

alter table app_public.patients enable row level security;
alter table app_public.patients force row level security;

grant select on app_public.patients to app_member;

drop policy if exists patients_select_staff on app_public.patients;
create policy patients_select_staff on app_public.patients
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[]) and deleted_at is null);

drop policy if exists patients_select_person on app_public.patients;
create policy patients_select_person on app_public.patients
  for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]) and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

grant select, insert, update on app_public.patients to app_engine;
drop policy if exists patients_all_engine on app_public.patients;
create policy patients_all_engine on app_public.patients
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.patients
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.patients', 'medical_record',
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "deleted_at"],
    "phi": ["patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.allow_soft_delete('app_public.patients', 'patients.manage',
  '(select concat_ws('' '', given_name, family_name) from app_public.patient_profiles where id = r.patient_profile_id)');
