-- The patient a booking request is for: the one that staff named, the one that matches, or a new one. APT-09, FND-07.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/require_patient.sql
-- requires: functions/appointments/patients_matching.sql

set role app_engine;

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates uuid[];
  v_namesakes uuid[];
  v_profile_id uuid;
begin
  if patient_profile_id is not null then
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  end if;

  if not as_new_patient then
    -- Two requests of one new person confirmed at once make one patient.
    perform pg_advisory_xact_lock(hashtextextended('patient:' || request.organization_id || ':' || app_hidden.ascii_lower(request.email), 0));
    select array_agg(matching.patient_profile_id), array_agg(matching.patient_profile_id) filter (where matching.same_name)
    into v_candidates, v_namesakes
    from app_private.patients_matching(request) as matching;

    v_profile_id := case when cardinality(v_candidates) = 1 then v_candidates[1]
                         when cardinality(v_namesakes) = 1 then v_namesakes[1] end;
    if v_profile_id is not null then
      perform app_private.require_patient(request.organization_id, v_profile_id);
      return v_profile_id;
    elsif cardinality(v_candidates) > 1 then
      perform app_hidden.refuse(
        'CONFLICT', 'several_patients_match', jsonb_build_object('patientProfileIds', to_jsonb(v_candidates)),
        'Several patients share this email. Name one with patientProfileId, or pass asNewPatient.');
    end if;
  end if;

  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  values (request.given_name, request.family_name, request.email, request.phone, request.locale)
  returning id into v_profile_id;
  perform app_private.admit_patient(request.organization_id, v_profile_id);
  return v_profile_id;
end;
$$;

comment on function app_private.patient_for_request(app_public.booking_requests, uuid, boolean) is
  'The patient profile for a request, made if need be; CONFLICT several_patients_match when only a person can tell.';

reset role;
