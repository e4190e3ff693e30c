-- Who may answer about treatment: a patient of age for themselves, for a minor a parent or guardian, for an adult who
-- cannot a guardian. Where the age decides and nobody knows the birth date, it is asked for first: nobody is taken to be of
-- age. A guardian may at any age. CNS-01, FND-07, GDP-06; ages are in legal_ages.

create or replace function app_private.require_representative(patient_profile_id uuid, caregiver_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_years int;
  v_is_minor boolean;
begin
  select legal_ages.years, (patient_profiles.birth_date + make_interval(years => legal_ages.years))::date > v_today
  into strict v_years, v_is_minor
  from app_private.legal_ages
  cross join app_public.patient_profiles
  where legal_ages.rule = 'medical_consent' and patient_profiles.id = require_representative.patient_profile_id;

  if v_is_minor is null and not exists (
    select from app_public.caregivers
    where caregivers.id = require_representative.caregiver_id and caregivers.relationship = 'guardian'
  ) then
    perform app_hidden.refuse('STATE', 'birth_date_unknown', jsonb_build_object('years', v_years));
  elsif caregiver_id is null then
    if v_is_minor then
      perform app_hidden.refuse('FORBIDDEN', 'representative_needed', jsonb_build_object('years', v_years));
    end if;
    return;
  end if;
  if not exists (
    select from app_public.caregivers
    where caregivers.id = require_representative.caregiver_id
      and caregivers.relationship in ('guardian', case when v_is_minor then 'parent' end)
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'representative_may_not');
  end if;
end;
$$;

comment on function app_private.require_representative is
  'STATE birth_date_unknown where the age decides and is not known, FORBIDDEN representative_needed for a minor alone, FORBIDDEN representative_may_not for somebody who is neither a guardian nor a minor''s parent.';
grant execute on function app_private.require_representative to app_engine;

create or replace function app_private.require_caregiver(patient_profile_id uuid, caregiver_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if caregiver_id is not null and not exists (
    select from app_public.caregivers
    where caregivers.id = require_caregiver.caregiver_id
      and caregivers.patient_profile_id = require_caregiver.patient_profile_id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'caregiver_not_found');
  end if;
end;
$$;

comment on function app_private.require_caregiver is 'NOT_FOUND caregiver_not_found for a link that is not this patient''s, or is over.';
grant execute on function app_private.require_caregiver to app_engine;
