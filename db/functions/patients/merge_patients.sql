-- Two patients of a clinic are one person: everything of the one at this clinic goes to the other, who is kept.
-- What each table that points to a patient does is decided in db/tests/patients/merge_patients/leaves_nothing_behind.
-- Locks: the clinic's people, then both patients, then both profiles, each pair in the order of ids; bookings hold their
-- patient for share, so those under way are waited for and move along. FND-34.

set role app_engine;

create or replace function app_public.merge_patients(patient_id uuid, duplicate_id uuid, reason text)
returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_reason text;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_person app_public.patient_profiles;
  v_other app_public.patient_profiles;
  v_is_the_clinics_own boolean;
  v_moved jsonb;
  v_merge app_public.patient_merges;
begin
  select patients.* into v_kept from app_public.patients where patients.id = merge_patients.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_kept.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);
  if patient_id = duplicate_id then
    perform app_hidden.refuse('VALIDATION', 'same_patient', '{"field": "duplicateId"}');
  end if;

  perform app_private.lock_people(v_kept.organization_id);
  perform from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id in (merge_patients.patient_id, duplicate_id)
  order by patients.id
  for update;
  select patients.* into v_kept
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = v_kept.id and patients.deleted_at is null;
  select patients.* into v_duplicate
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = duplicate_id and patients.deleted_at is null;
  if v_kept.id is null or v_duplicate.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;

  perform from app_public.patient_profiles
  where patient_profiles.id in (v_kept.patient_profile_id, v_duplicate.patient_profile_id)
  order by patient_profiles.id
  for update;
  select patient_profiles.* into strict v_person from app_public.patient_profiles where patient_profiles.id = v_kept.patient_profile_id;
  select patient_profiles.* into strict v_other from app_public.patient_profiles where patient_profiles.id = v_duplicate.patient_profile_id;

  if v_person.human_id <> v_other.human_id then
    perform app_hidden.refuse('CONFLICT', 'two_accounts');
  elsif v_person.human_id is null and v_other.human_id is not null then
    perform app_hidden.refuse('CONFLICT', 'account_would_be_lost', '{"field": "duplicateId"}');
  elsif v_person.birth_date <> v_other.birth_date then
    perform app_hidden.refuse('CONFLICT', 'birth_dates_differ');
  end if;

  -- What a clinic may decide for a person: nothing that another clinic, or the person themselves, also relies on.
  v_is_the_clinics_own := v_person.human_id is null and not exists (
    select from app_public.patients as elsewhere
    where elsewhere.patient_profile_id in (v_person.id, v_other.id) and elsewhere.organization_id <> v_kept.organization_id);
  if not v_is_the_clinics_own and exists (
    select from app_public.caregivers
    where caregivers.patient_profile_id = v_other.id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > v_today)
      and not exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = v_person.id and known.human_id = caregivers.human_id and known.revoked_at is null)
  ) then
    perform app_hidden.refuse('CONFLICT', 'caregivers_differ');
  end if;

  with appointments_moved as (
    update app_public.appointments set patient_profile_id = v_person.id
    where appointments.organization_id = v_kept.organization_id and appointments.patient_profile_id = v_other.id
    returning appointments.id
  ),
  messages_moved as (
    update app_public.messages set patient_profile_id = v_person.id
    where messages.organization_id = v_kept.organization_id
      and messages.patient_profile_id = v_other.id
      -- Both were told of one thing: a person is told once.
      and not exists (
        select from app_public.messages as told
        where told.organization_id = messages.organization_id
          and told.event_id = messages.event_id
          and told.template_key = messages.template_key
          and told.channel = messages.channel
          and told.patient_profile_id = v_person.id
          and told.account_id is not distinct from messages.account_id)
    returning messages.id
  ),
  caregivers_moved as (
    update app_public.caregivers set
      patient_profile_id = v_person.id,
      ends_on = case when app_private.caregiver_ends_on(v_person.birth_date) > v_today
                  then least(caregivers.ends_on, app_private.caregiver_ends_on(v_person.birth_date)) else caregivers.ends_on end
    where v_is_the_clinics_own
      and caregivers.patient_profile_id = v_other.id
      and not (caregivers.revoked_at is null and exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = v_person.id and known.human_id = caregivers.human_id and known.revoked_at is null))
    returning caregivers.id, old.ends_on as ended_on
  ),
  preferences_moved as (
    update app_public.notification_preferences as preference set patient_profile_id = v_person.id
    where v_is_the_clinics_own
      and preference.patient_profile_id = v_other.id
      and not exists (
        select from app_public.notification_preferences as own
        where own.patient_profile_id = v_person.id and own.topic = preference.topic and own.channel = preference.channel)
    returning preference.id
  ),
  quiet_hours_moved as (
    update app_public.quiet_hours set patient_profile_id = v_person.id
    where v_is_the_clinics_own
      and quiet_hours.patient_profile_id = v_other.id
      and not exists (select from app_public.quiet_hours as own where own.patient_profile_id = v_person.id)
    returning quiet_hours.id
  )
  select jsonb_build_object(
    'appointments', (select coalesce(jsonb_agg(appointments_moved.id), '[]') from appointments_moved),
    'messages', (select coalesce(jsonb_agg(messages_moved.id), '[]') from messages_moved),
    'caregivers', (select coalesce(jsonb_agg(jsonb_build_object('id', caregivers_moved.id, 'endsOn', caregivers_moved.ended_on)), '[]')
                   from caregivers_moved),
    'notificationPreferences', (select coalesce(jsonb_agg(preferences_moved.id), '[]') from preferences_moved),
    'quietHours', (select coalesce(jsonb_agg(quiet_hours_moved.id), '[]') from quiet_hours_moved))
  into v_moved;

  update app_private.caregiver_evidence set patient_profile_id = v_person.id
  from jsonb_array_elements(v_moved -> 'caregivers') as moved (link)
  where caregiver_evidence.caregiver_id = (moved.link ->> 'id')::uuid;
  -- It would open an account on a record that has ended.
  update app_public.invitations set status = 'revoked'
  where invitations.organization_id = v_kept.organization_id
    and invitations.patient_profile_id = v_other.id
    and invitations.status = 'open';

  insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved, merged_by)
  values (v_kept.organization_id, v_person.id, v_other.id, v_reason, v_moved, app_private.current_actor_id())
  returning * into v_merge;
  update app_public.patients set deleted_at = app_hidden.now() where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merged', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.merge_patients is
  'Two patients of the clinic are one person: what the duplicate has at the clinic goes to patientId, and the duplicate '
  'leaves the lists; name, address, number and birth date of patientId stay. Needs patients.merge and a reason; undoPatientMerge takes it back. '
  'CONFLICT two_accounts, account_would_be_lost, birth_dates_differ, caregivers_differ.';
grant execute on function app_public.merge_patients to app_member;

reset role;
