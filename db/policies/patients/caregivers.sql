-- Who acts for whom: the caregiver, the person, and staff of a clinic of the person. FND-07.

select app_private.classify('app_public.caregivers', home => 'person', retention => 'medical_record', classes =>
  '{"operational": ["id", "added_by", "ends_on", "revoked_at", "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "human_id", "relationship"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.caregivers', 'patient_profile_id', 'on_merge_caregivers');
select app_private.protect('app_public.caregivers', engine => 'select, insert, update');

grant select on app_public.caregivers to app_member;

create policy caregivers_select_self on app_public.caregivers for select to app_member
  using (human_id = (select app_hidden.current_account_id()));

create policy caregivers_select_person on app_public.caregivers for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));

create policy caregivers_select_staff on app_public.caregivers for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = caregivers.patient_profile_id
        and patients.organization_id = any ((select app_hidden.rights('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

create or replace trigger _900_forget_rights after insert or update or delete on app_public.caregivers
  for each statement execute function app_private.tg_forget_rights();
