-- An appointment as it is at a time that its claim has taken: where, when, with whom, and which rules gave way. APT-02.

create or replace function app_private.draft_at(
  appointment app_public.appointments,
  calendar app_public.calendars,
  claim app_private.time_claims,
  override_reason text
) returns app_public.appointments
language plpgsql stable
set search_path = ''
as $$
declare
  v_draft app_public.appointments := appointment;
begin
  v_draft.calendar_id := calendar.id;
  v_draft.service_id := calendar.service_id;
  if calendar.id <> appointment.calendar_id then
    v_draft.modality := calendar.modality;
  end if;
  v_draft.specialist_id := claim.specialist_id;
  v_draft.starts_at := lower(claim.during);
  v_draft.ends_at := upper(claim.during);
  v_draft.overridden_rules := null;
  if override_reason is not null then
    select nullif(v.rules, '{}') into v_draft.overridden_rules
    from app_private.verdicts(calendar.id, v_draft.starts_at, claim.specialist_id, claim.id) as v;
  end if;
  v_draft.override_reason := draft_at.override_reason;
  return v_draft;
end;
$$;

comment on function app_private.draft_at is
  'An appointment with the time, calendar and specialist of its claim, and the rules that the reason of staff set aside; the caller '
  'writes it.';
grant execute on function app_private.draft_at to app_engine;

create or replace function app_private.write_booked(draft app_public.appointments) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  update app_public.appointments set
    status = 'booked',
    calendar_id = draft.calendar_id,
    service_id = draft.service_id,
    specialist_id = draft.specialist_id,
    starts_at = draft.starts_at,
    ends_at = draft.ends_at,
    modality = draft.modality,
    price_amount = draft.price_amount,
    currency = draft.currency,
    patient_service_plan_id = draft.patient_service_plan_id,
    plan_session_number = draft.plan_session_number,
    reschedule_count = draft.reschedule_count,
    override_reason = case when draft.overridden_rules is not null then btrim(draft.override_reason) end,
    overridden_rules = draft.overridden_rules,
    cancellation_reason = null,
    is_late_cancellation = null,
    excuse_reason = null
  where appointments.id = draft.id
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.write_booked is 'Writes an appointment that takes place at another time, or after all; it is booked.';
grant execute on function app_private.write_booked to app_engine;
