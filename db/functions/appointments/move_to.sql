-- The one place where an appointment goes to another time, whoever moves it: the old time is free only when the new one is taken. It
-- stays the same appointment, with its forms, its price while the calendar stays, its calendar entry and what was promised at
-- booking; what the patient confirmed was the other time, so it is booked again. APT-02, APT-03, CAT-04.

create or replace function app_private.move_to(
  appointment app_public.appointments,
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  by_patient boolean,
  override_reason text default null,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_is_elsewhere boolean := calendar.id <> appointment.calendar_id;
  v_changed app_public.appointments;
  v_old_claim app_private.time_claims;
  v_claim app_private.time_claims;
begin
  if not v_is_elsewhere and move_to.starts_at = appointment.starts_at
    and coalesce(move_to.specialist_id = appointment.specialist_id, true) then
    perform app_hidden.refuse('CONFLICT', 'already_at_this_time', '{"field": "startsAt"}');
  end if;

  select time_claims.* into strict v_old_claim
  from app_private.time_claims
  where time_claims.organization_id = appointment.organization_id and time_claims.id = appointment.claim_id;
  v_claim := app_private.move_claim(
    v_old_claim.id, calendar, move_to.starts_at, move_to.specialist_id, override_reason is not null);
  v_claim := app_private.with_add_ons(v_claim, appointment, calendar, override_reason is not null);
  perform app_private.hand_turn_over(v_old_claim, v_claim);

  v_changed := app_private.draft_at(appointment, calendar, v_claim, override_reason);
  if v_is_elsewhere then
    v_changed := app_private.pass_gate(v_changed);
  end if;
  v_changed := app_private.session_for(
    v_changed, coalesce(use_plan, v_changed.plan_session_number is not null), v_is_elsewhere);
  v_changed.reschedule_count := v_changed.reschedule_count + case when by_patient then 1 else 0 end;
  return app_private.write_booked(v_changed);
end;
$$;

comment on function app_private.move_to is
  'Moves an appointment to another time, specialist or calendar; the caller has authorized, and locked the calendar and it. '
  'override_reason sets rules of time aside. SLOT_TAKEN, VALIDATION naming the rule, ENTITLEMENT_EXHAUSTED.';
grant execute on function app_private.move_to to app_engine;
