-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.

set role app_engine;

create or replace function app_public.book_appointment(
  hold_token text,
  patient_profile_id uuid,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(
    hold_token, patient_profile_id, override_reason, use_plan, patient_service_plan_id));
  v_claim app_private.time_claims;
  v_rules text[];
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_appointment.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  -- The patient before the time, as whoever books directly: a withdrawal that waits for one must not keep the other waiting.
  v_claim := app_private.held_claim(hold_token);
  perform app_private.require_to_book(v_claim.organization_id, book_appointment.patient_profile_id);
  perform app_private.require_not_suspended(v_claim.organization_id);
  v_claim := app_private.take_hold(hold_token, to_book => true);
  v_rules := app_private.require_bookable(
    v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id), override_reason => override_reason);

  v_draft.patient_service_plan_id := book_appointment.patient_service_plan_id;
  v_draft.patient_profile_id := book_appointment.patient_profile_id;
  v_draft.override_reason := book_appointment.override_reason;
  v_draft.overridden_rules := v_rules;
  v_appointment := app_private.book(app_private.convert_claim(v_claim.id, 'appointment'), v_draft, use_plan);
  perform app_private.remember('book_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage. '
  'When the time can no longer be booked, what holdSlot says of the rule; staff set it aside with overrideReason.';
grant execute on function app_public.book_appointment to app_member;

reset role;
