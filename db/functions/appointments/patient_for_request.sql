-- The patient a booking request is for: the one that staff named, the one that the guest was taken in as, the one whose address
-- and name agree, or nobody yet. Whoever is unclear is asked about. APT-09, FND-07, FND-34.

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates app_private.person_candidate[];
  v_known uuid[];
begin
  if patient_profile_id is not null and as_new_patient then
    perform app_hidden.refuse('VALIDATION', 'patient_contradicted', '{"field": "asNewPatient"}');
  end if;
  if patient_profile_id is not null then
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  elsif request.patient_profile_id is not null and not as_new_patient then
    perform app_private.require_patient(request.organization_id, request.patient_profile_id);
    return request.patient_profile_id;
  end if;

  if not as_new_patient then
    perform app_private.lock_people(request.organization_id);
    select array_agg(candidate), array_agg(candidate.patient_profile_id) filter (where candidate.address and candidate.name)
    into v_candidates, v_known
    from app_private.people_like(
      request.organization_id, request.given_name, request.family_name, request.email, request.phone) as candidate;

    if cardinality(v_known) = 1 then
      perform app_private.require_patient(request.organization_id, v_known[1]);
      return v_known[1];
    elsif v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;
  return null;
end;
$$;

comment on function app_private.patient_for_request is
  'The patient profile for a request, null where nobody is it yet; CONFLICT person_unclear when only a person can tell, VALIDATION '
  'patient_contradicted when one is named and said to be new.';
grant execute on function app_private.patient_for_request to app_engine;

-- The request with its patient, made where nobody is it yet; the caller writes it. Whoever was made for it before, and is not it,
-- goes.
create or replace function app_private.say_who_it_is(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_said app_public.booking_requests := request;
begin
  -- First, as whoever removes patients: of two requests whose guests were taken for each other both would wait.
  if request.has_made_patient then
    perform app_private.lock_people(request.organization_id);
  end if;
  v_said.patient_profile_id := app_private.patient_for_request(request, say_who_it_is.patient_profile_id, as_new_patient);
  if v_said.patient_profile_id = request.patient_profile_id then
    return request;
  end if;
  v_said.has_made_patient := v_said.patient_profile_id is null;
  if v_said.has_made_patient then
    insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
    values (request.given_name, request.family_name, request.email, request.phone, request.locale)
    returning id into v_said.patient_profile_id;
    perform app_private.admit_patient(request.organization_id, v_said.patient_profile_id);
  end if;
  if request.patient_profile_id is not null then
    perform app_private.let_go_of_guest(request);
  end if;
  return v_said;
end;
$$;

comment on function app_private.say_who_it_is is
  'A request with who its guest is, a new patient where it is nobody yet; the caller writes it. Refuses as patient_for_request() does.';
grant execute on function app_private.say_who_it_is to app_engine;
