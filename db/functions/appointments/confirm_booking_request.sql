-- The clinic says yes, in one transaction: patient found or made, gate asked, claim handed over, appointment booked. APT-09.

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null,
  invite boolean default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient, override_reason, use_plan, patient_service_plan_id, invite));
  v_request app_public.booking_requests;
  v_rules text[];
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_answer(booking_request_id, 'confirmed');
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  perform app_private.require_not_suspended(v_request.organization_id);
  v_request := app_private.say_who_it_is(v_request, patient_profile_id, coalesce(as_new_patient, false));
  perform app_private.require_unexpired(v_request);
  -- As the guest who asked: what was closed, switched off or made private meanwhile is for front desk to decide on.
  select app_private.require_bookable(time_claims, for_the_public => true, override_reason => override_reason) into v_rules
  from app_private.time_claims
  where time_claims.organization_id = v_request.organization_id and time_claims.id = v_request.claim_id;

  update app_public.booking_requests set
    status = 'confirmed',
    patient_profile_id = v_request.patient_profile_id,
    has_made_patient = v_request.has_made_patient,
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  v_draft.patient_service_plan_id := confirm_booking_request.patient_service_plan_id;
  v_draft.patient_profile_id := v_request.patient_profile_id;
  v_draft.booking_request_id := v_request.id;
  v_draft.price_amount := v_request.price_amount;
  v_draft.currency := v_request.currency;
  v_draft.contact_email := v_request.email;
  v_draft.contact_phone := v_request.phone;
  v_draft.contact_name := v_request.given_name || ' ' || v_request.family_name;
  v_draft.locale := v_request.locale;
  v_draft.organizer_email := v_request.organizer_email;
  v_draft.override_reason := confirm_booking_request.override_reason;
  v_draft.overridden_rules := v_rules;
  v_appointment := app_private.book(app_private.convert_claim(v_request.claim_id, 'appointment'), v_draft, use_plan);
  perform app_private.invite_guest(v_appointment, invite);
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request is
  E'@arg invite Whether the patient is invited to an account with it, which needs patients.manage and is refused as invitePatient refuses. Null: as the clinic does (invitesGuests), where nothing is in the way.\n'
  'Turns a booking request into an appointment of the patient whom takeInGuest named. Where nobody was, of the clinic''s '
  'patients the one is taken whose address and name agree; one who shares only the address or the number is unclear, unless '
  'patientProfileId names the patient or asNewPatient is set; where nobody is like it, the guest becomes a patient. Needs '
  'appointments.manage; STATE when it was answered already, GONE past its deadline, CONFLICT person_unclear with the '
  'candidates, NOT_READY with all that is missing of the patient. When the time can no longer be booked, what holdSlot says '
  'of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request to app_member;

reset role;
