-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/human_by_email.sql

set role app_engine;

create or replace function app_public.add_caregiver(
  organization_id uuid,
  patient_profile_id uuid,
  email text,
  display_name text,
  relationship text,
  evidence text
) returns app_public.caregivers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_profile app_public.patient_profiles;
  v_ends_on date;
  v_caregiver app_public.caregivers;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  select patient_profiles.* into v_profile
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = add_caregiver.organization_id
    and patients.patient_profile_id = add_caregiver.patient_profile_id
    and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
  end if;

  select (v_profile.birth_date + make_interval(years => legal_ages.years))::date into v_ends_on
  from app_private.legal_ages
  where legal_ages.rule = 'caregiver_ends';
  -- An adult may have a caregiver too; that link has no date.
  if v_ends_on <= (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    v_ends_on := null;
  end if;

  insert into app_public.caregivers (patient_profile_id, human_id, relationship, evidence, added_by, ends_on)
  values (v_profile.id, app_private.human_by_email(add_caregiver.email, add_caregiver.display_name, v_profile.locale),
          add_caregiver.relationship, add_caregiver.evidence, app_private.current_actor_id(), v_ends_on)
  on conflict (patient_profile_id, human_id) where revoked_at is null do nothing
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_a_caregiver', '{"field": "email"}', 'This person is a caregiver already.');
  end if;
  return v_caregiver;
end;
$$;

comment on function app_public.add_caregiver(uuid, uuid, text, text, text, text) is
  'Lets a human act for a patient. Needs patients.manage and evidence; for a minor the link ends on the birthday that the law sets.';
grant execute on function app_public.add_caregiver(uuid, uuid, text, text, text, text) to app_member;

reset role;
