-- The profile that a clinic has with the caller's proved address and name: signing up is claiming it. Where two are alike, or the
-- birthday differs, it is left to front desk. FND-32, FND-34.

create or replace function app_private.take_over_by_address(
  organization_id uuid,
  given_name text,
  family_name text,
  birth_date date
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_said record := app_private.asserted_identity(given_name, family_name, take_over_by_address.birth_date);
  v_patient app_public.patients := app_private.profile_to_claim(
    organization_id, v_human.email, null, v_said.name_key, v_said.birth_date);
  v_profile_id uuid;
begin
  update app_public.patient_profiles set
    human_id = v_human.principal_id,
    birth_date = coalesce(patient_profiles.birth_date, v_said.birth_date)
  where patient_profiles.id = v_patient.patient_profile_id and patient_profiles.human_id is null
  returning patient_profiles.id into v_profile_id;
  return v_profile_id;
end;
$$;

comment on function app_private.take_over_by_address is
  'Takes over the one profile of the clinic that has the caller''s proved address, name and no other birthday; null when there is none.';
grant execute on function app_private.take_over_by_address to app_engine;
