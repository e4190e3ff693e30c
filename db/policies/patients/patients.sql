-- A clinic's patients: staff with patients.view, and the person. FND-07.

select app_private.classify('app_public.patients', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "profile_completed_at", "created_at", "updated_at", "deleted_at"],
    "phi": ["patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patients', 'patient_profile_id', 'stays', 'The record of the duplicate itself: the merge ends it.');
select app_private.allow_soft_delete('app_public.patients', 'patients.manage',
  '(select concat_ws('' '', given_name, family_name) from app_public.patient_profiles where id = r.patient_profile_id)');
select app_private.protect('app_public.patients', engine => 'select, insert, update');

grant select on app_public.patients to app_member;

create policy patients_select_staff on app_public.patients for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]) and deleted_at is null);

create policy patients_select_person on app_public.patients for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]) and organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and deleted_at is null);

create or replace trigger _900_forget_rights after insert or update or delete on app_public.patients
  for each statement execute function app_private.tg_forget_rights();
