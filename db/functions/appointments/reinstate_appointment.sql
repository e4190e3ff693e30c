-- It was called off and takes place after all, at its time, while that is free. What was given back of a plan is used again. Locks as
-- reschedule_appointment(). APT-01, APT-02, CAT-04.

set role app_engine;

create or replace function app_public.reinstate_appointment(
  appointment_id uuid,
  override_reason text default null,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('reinstate_appointment', jsonb_build_array(
    appointment_id, override_reason, use_plan));
  v_appointment app_public.appointments;
  v_changed app_public.appointments;
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
begin
  if v_remembered is not null then
    perform app_private.own_appointment(appointment_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_appointment := app_private.own_appointment(appointment_id);
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  v_override := app_private.may_override(v_appointment.organization_id, override_reason);
  v_calendar := app_private.visible_calendar(v_appointment.calendar_id);
  perform app_private.require_choice(v_calendar, v_appointment.specialist_id);
  perform app_private.lock_to_book(v_calendar, v_appointment.specialist_id);
  v_appointment := app_private.lock_appointment(v_appointment);
  perform app_private.authorize_move(
    'appointments', v_appointment.status, 'booked', v_appointment.organization_id, v_appointment.patient_profile_id);
  if v_appointment.status <> 'cancelled' then
    perform app_hidden.refuse('STATE', 'appointment_not_cancelled', jsonb_build_object('status', v_appointment.status));
  end if;

  v_claim := app_private.move_claim(
    v_appointment.claim_id, v_calendar, v_appointment.starts_at, v_appointment.specialist_id, v_override);
  v_claim := app_private.with_add_ons(v_claim, v_appointment, v_calendar, v_override);
  perform app_private.count_assignment(v_claim.id);
  v_changed := app_private.draft_at(v_appointment, v_calendar, v_claim, case when v_override then override_reason end);
  v_changed := app_private.pass_gate(v_changed);
  v_changed := app_private.session_for(
    v_changed, coalesce(use_plan, v_changed.patient_service_plan_id is not null), false);
  v_appointment := app_private.write_booked(v_changed);
  perform app_private.remember('reinstate_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.reinstate_appointment is
  'Takes a cancellation back: the appointment is booked again at its time and with its specialist, by the plan it was by. Needs '
  'appointments.manage. SLOT_TAKEN when the time went to somebody else, VALIDATION naming the rule, which overrideReason sets '
  'aside; STATE appointment_not_cancelled; ENTITLEMENT_EXHAUSTED when the plan has no session left.';
grant execute on function app_public.reinstate_appointment to app_member;

reset role;
