-- The person and those who care for them; staff of the clinics where the person is a patient. The test for
-- staff is one index look-up a row, never a list of every patient. FND-07.

select app_private.classify('app_public.patient_profiles', home => 'person', retention => 'medical_record', classes =>
  '{"operational": ["locale", "created_at", "updated_at"],
    "pii_basic": ["id", "human_id", "given_name", "family_name", "email", "phone", "birth_date"]}',
  person_column => 'id');
select app_private.protect('app_public.patient_profiles',
  engine => 'select, insert, update', facts => '{person given_name, person family_name, email email, phone phone}');

grant select on app_public.patient_profiles to app_member;

-- What an address may become is said by tg_patient_profiles__email_proof().
grant update (given_name, family_name, email, phone, birth_date, locale) on app_public.patient_profiles to app_member;

create policy patient_profiles_select_person on app_public.patient_profiles for select to app_member
  using (id = any ((select app_hidden.rights('people'))::uuid[]));

create policy patient_profiles_select_staff on app_public.patient_profiles for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.rights('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

create policy patient_profiles_update_person on app_public.patient_profiles for update to app_member
  using (id = any ((select app_hidden.rights('people'))::uuid[]))
  with check (id = any ((select app_hidden.rights('people'))::uuid[]));

-- Until the person has an account, the clinic that made the profile keeps it.
create policy patient_profiles_update_staff on app_public.patient_profiles for update to app_member
  using (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.rights('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  )
  with check (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.rights('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  );

create or replace trigger _900_forget_rights after insert or update or delete on app_public.patient_profiles
  for each statement execute function app_private.tg_forget_rights();
