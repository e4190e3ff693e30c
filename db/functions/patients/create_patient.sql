-- Front desk registers a person. The profile is new: one who is known elsewhere is never matched, and one who may be a
-- patient here already is asked about. FND-07, FND-34.

set role app_engine;

create or replace function app_public.create_patient(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null,
  locale text default 'ro',
  as_new_patient boolean default false
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_profile app_public.patient_profiles;
  v_candidates app_private.person_candidate[];
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  perform app_private.lock_people(organization_id);
  -- Written first, so that what is compared is what will stand there; a refusal takes it back.
  insert into app_public.patient_profiles (given_name, family_name, email, phone, birth_date, locale)
  select create_patient.given_name, create_patient.family_name, create_patient.email,
         app_hidden.e164(create_patient.phone, organizations.country), create_patient.birth_date, create_patient.locale
  from app_public.organizations
  where organizations.id = create_patient.organization_id
  returning * into v_profile;

  if as_new_patient is not true then
    select array_agg(candidate) into v_candidates
    from app_private.people_like(
      create_patient.organization_id, v_profile.given_name, v_profile.family_name, v_profile.email, v_profile.phone,
      v_profile.birth_date) as candidate;
    if v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;
  return app_private.admit_patient(create_patient.organization_id, v_profile.id);
end;
$$;

comment on function app_public.create_patient is
  'Registers a person as a patient of the clinic. Needs patients.manage; VALIDATION names the field; CONFLICT '
  'person_unclear names the patients with this address, this number, or this name and birthday: asNewPatient registers '
  'another person all the same.';
grant execute on function app_public.create_patient to app_member;

reset role;
