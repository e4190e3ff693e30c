-- Whom an event is about: the patient of the appointment that it names, or the patient or profile itself. AUT-01.

create or replace function app_private.event_person(event app_private.events)
returns table (patient_id uuid, patient_profile_id uuid, appointment_id uuid, is_here boolean)
language sql stable
set search_path = ''
begin atomic
  with visit as (
    select appointments.id, appointments.patient_profile_id, appointments.deleted_at
    from app_public.appointments
    where appointments.organization_id = (event).organization_id
      and appointments.id = ((event).payload ->> 'appointmentId')::uuid
  )
  select patients.id, patients.patient_profile_id, (select visit.id from visit),
    patients.deleted_at is null and (select visit.deleted_at from visit) is null
  from app_public.patients
  where patients.organization_id = (event).organization_id
    and case
      when (event).payload ? 'patientId' and (event).payload ->> 'patientId' is not null
        then patients.id = ((event).payload ->> 'patientId')::uuid
      else patients.patient_profile_id = coalesce(
        (select visit.patient_profile_id from visit), ((event).payload ->> 'patientProfileId')::uuid)
    end;
end;

comment on function app_private.event_person is
  'The patient of an event, with the profile and the appointment; is_here: whether they are still a patient, and the appointment still stands in the lists. No row: it has none.';
grant execute on function app_private.event_person to app_engine;

-- Whether what happened was taken back since: asked before anything is done, also of what the trigger could not see yet.
create or replace function app_private.is_undone(event app_private.events) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_private.automation_events
    join app_private.events as later on later.name = any (automation_events.undone_by)
    where automation_events.event_name = (event).name
      and later.subject_id = (event).subject_id and later.position > (event).position);
end;

comment on function app_private.is_undone is 'Whether a later event about the same subject takes this one back.';
grant execute on function app_private.is_undone to app_engine;
