-- A parent or guardian signs a child up at a clinic. FND-32.
-- The profile is new, so that nobody reaches what a clinic knows of a child by saying that they are its parent: that takes
-- add_caregiver, on evidence. What the caregiver says here is written down as said, and the clinic ends the link if it is not so.

set role app_engine;

create or replace function app_public.enroll_child(
  organization_id uuid,
  accepted_version_ids uuid[],
  given_name text,
  family_name text,
  birth_date date,
  relationship text,
  phone text default null
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_clinic app_public.organizations := app_private.require_open_clinic(organization_id);
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_profile_id uuid;
  v_caregiver app_public.caregivers;
  v_patient app_public.patients;
begin
  if app_private.caregiver_ends_on(enroll_child.birth_date) <= v_today then
    perform app_hidden.refuse('VALIDATION', 'of_age', jsonb_build_object('field', 'birthDate', 'years', (
      select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'caregiver_ends')));
  end if;
  if enroll_child.relationship is null or enroll_child.relationship not in ('parent', 'guardian') then
    perform app_hidden.refuse('VALIDATION', 'not_a_representative', '{"field": "relationship"}');
  end if;
  if exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id
      and app_private.caregiver_ends_on(patient_profiles.birth_date) > v_today
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'caregiver_is_a_minor');
  end if;
  -- The account first: what it enrols is counted at all clinics together.
  perform app_private.lock_account();
  perform app_private.lock_people(v_clinic.id);

  -- Whom the caller enrolled before is this child, not another one.
  select patient_profiles.id into v_profile_id
  from app_public.patient_profiles
  join app_public.patients
    on patients.organization_id = v_clinic.id and patients.patient_profile_id = patient_profiles.id and patients.deleted_at is null
  where patient_profiles.id = any (app_hidden.current_human_patient_profile_ids())
    and patient_profiles.human_id is null
    and app_private.name_key(patient_profiles.given_name || ' ' || patient_profiles.family_name)
        = app_private.name_key(enroll_child.given_name || ' ' || enroll_child.family_name)
    and patient_profiles.birth_date = enroll_child.birth_date
  limit 1;
  if not found then
    if (select count(*) from app_public.caregivers
        where caregivers.human_id = v_human.principal_id and caregivers.added_by = v_human.principal_id
          and caregivers.created_at > app_hidden.now() - interval '24 hours') >= 10 then
      perform app_hidden.refuse('RATE_LIMITED', 'many_children', '{"retryAfterSeconds": 86400}');
    end if;
    v_profile_id := app_private.new_profile(
      v_clinic, given_name, family_name, enroll_child.birth_date, enroll_child.phone);
    insert into app_public.caregivers (patient_profile_id, human_id, relationship, added_by, ends_on, created_at)
    values (v_profile_id, v_human.principal_id, enroll_child.relationship, v_human.principal_id,
            app_private.caregiver_ends_on(enroll_child.birth_date), app_hidden.now())
    returning * into v_caregiver;
  end if;
  v_patient := app_private.admit_patient(v_clinic.id, v_profile_id);
  if v_caregiver.id is not null then
    insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence)
    values (v_clinic.id, v_caregiver.id, v_profile_id, case v_clinic.locale
      when 'en' then 'Said by the caregiver when signing up; nothing was shown yet.'
      else 'Declarat de aparținător la înscriere; încă nu a arătat un document.' end);
  end if;
  perform app_private.accept_required_consents(v_clinic.id, v_patient.id, accepted_version_ids);
  return v_patient;
end;
$$;

comment on function app_public.enroll_child is
  E'@arg relationship parent or guardian.\n'
  'Makes a child a patient of a clinic that is open, with the caller as parent or guardian, until the child is of age. Once is enough. '
  'CONSENT_REQUIRED as in joinClinic; VALIDATION of_age, not_a_representative; FORBIDDEN caregiver_is_a_minor; RATE_LIMITED '
  'many_children.';
grant execute on function app_public.enroll_child to app_member;

reset role;
