-- Staff open a patient's chart: the reading is recorded, and the patient sees who looked. FND-08.

set role app_engine;

create or replace function app_public.open_patient_chart(patient_id uuid) returns app_public.patient_chart
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_chart app_public.patient_chart;
begin
  select patients.* into v_patient
  from app_public.patients where patients.id = open_patient_chart.patient_id and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'patients.view');

  perform audit.record_read(
    v_patient.organization_id, 'app_public.patients', v_patient.id::text, 'chart', v_patient.patient_profile_id);

  select v_patient.id, v_patient.organization_id, profile.id, v_patient.created_at,
    profile.given_name, profile.family_name, profile.email, profile.phone, profile.birth_date, profile.locale,
    array(
      select row(humans.principal_id, humans.display_name, humans.email, caregivers.relationship, caregivers.created_at,
                 caregivers.ends_on)::app_public.chart_caregiver
      from app_public.caregivers
      join app_public.humans on humans.principal_id = caregivers.human_id
      where caregivers.patient_profile_id = profile.id
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
      order by caregivers.created_at, caregivers.id
    ),
    array(
      select row(appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality,
                 services.name, concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
                 appointments.cancellation_reason)::app_public.chart_appointment
      from app_public.appointments
      join app_public.services
        on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      join app_public.specialists
        on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
      where appointments.organization_id = v_patient.organization_id
        and appointments.patient_profile_id = profile.id
        and appointments.deleted_at is null
        -- Whoever may see patients and no appointments sees none here either.
        and app_hidden.has_permission(v_patient.organization_id, 'appointments.view')
      order by appointments.starts_at desc, appointments.id
      limit 200
    )
  into v_chart
  from app_public.patient_profiles as profile
  where profile.id = v_patient.patient_profile_id;
  return v_chart;
end;
$$;

comment on function app_public.open_patient_chart is
  'Opens the chart of a patient of the clinic and records who did; the patient sees it in myChartReadings. For staff with '
  'patients.view; others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.open_patient_chart to app_member;

reset role;
