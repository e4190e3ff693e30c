-- Somebody signs up at a clinic by themselves, and accepts what everybody accepts there, in one transaction. FND-32.
-- Nobody is looked for by what they say, for the answer would tell who is treated there: a profile is taken over only by the
-- address that the account has proved, and by a code otherwise (request_profile_claim). Who was registered before, with
-- neither, is a duplicate that front desk sees in likely_duplicates and merges.

set role app_engine;

create or replace function app_public.join_clinic(
  organization_id uuid,
  accepted_version_ids uuid[],
  given_name text default null,
  family_name text default null,
  birth_date date default null,
  phone text default null,
  patient_profile_id uuid default null
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_clinic app_public.organizations := app_private.require_open_clinic(organization_id);
  v_profile_id uuid;
  v_patient app_public.patients;
begin
  perform app_private.lock_people(v_clinic.id);
  if patient_profile_id is not null then
    if patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
    end if;
    v_profile_id := patient_profile_id;
  else
    v_profile_id := app_private.own_profile_at(v_clinic.id);
    if v_profile_id is null then
      v_profile_id := app_private.take_over_by_address(v_clinic.id, given_name, family_name, join_clinic.birth_date);
    end if;
    if v_profile_id is null then
      v_profile_id := app_private.new_profile(
        v_clinic, given_name, family_name, join_clinic.birth_date, join_clinic.phone, v_human.principal_id);
    end if;
  end if;
  v_patient := app_private.admit_patient(v_clinic.id, v_profile_id);
  perform app_private.accept_required_consents(v_clinic.id, v_patient.id, accepted_version_ids);
  return v_patient;
end;
$$;

comment on function app_public.join_clinic is
  E'@arg patientProfileId A profile of the caller''s own, or of somebody they care for.\n'
  'Makes the caller a patient of a clinic that is open: with the profile that is named, or the one that the clinic has with the '
  'caller''s proved address and name, or a new one, which needs names and birthDate. Once is enough. acceptedVersionIds are what the '
  'caller read and accepts, all that clinicTerms lists: CONSENT_REQUIRED names what is missing. FORBIDDEN email_not_verified; '
  'VALIDATION too_young_for_own_account.';
grant execute on function app_public.join_clinic to app_member;

reset role;
