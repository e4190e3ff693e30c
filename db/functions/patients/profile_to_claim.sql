-- The one patient of a clinic who has this contact, name and no other birthday, and nobody took over yet. Of two alike none is
-- meant: front desk knows them apart. FND-32, FND-34.

create or replace function app_private.profile_to_claim(
  organization_id uuid,
  email text,
  phone text,
  name_key text,
  birth_date date
) returns app_public.patients
language sql stable
set search_path = ''
as $$
  with found as (
    select patients as patient, count(*) over () as alike
    from app_public.patient_profiles
    join app_public.patients
      on patients.organization_id = profile_to_claim.organization_id
     and patients.patient_profile_id = patient_profiles.id
     and patients.deleted_at is null
    where (app_hidden.ascii_lower(patient_profiles.email) = profile_to_claim.email
           or patient_profiles.phone = profile_to_claim.phone)
      and patient_profiles.human_id is null
      and app_private.may_be_claimed(patient_profiles)
      and app_private.fact_that_differs(
            patient_profiles, profile_to_claim.name_key, profile_to_claim.birth_date) is null
    limit 2
  )
  select (found.patient).* from found where found.alike = 1
$$;

comment on function app_private.profile_to_claim is
  'A patient of the clinic without an account, by address or number, and name; null for none, and for more than one.';
grant execute on function app_private.profile_to_claim to app_engine;
