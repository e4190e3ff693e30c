-- The gate: what a patient has to have done before the clinic books for them, confirms, and begins. Asked in the transaction that
-- writes, so no way in goes round it; what is missing is told all at once. APT-06, CNS-08, docs/decisions/0114.

-- At booking, by book() and by whatever changes calendar, service or modality; the caller has locked the patient. A block gives way
-- to staff with a reason, which is kept with the appointment beside the other rules that were set aside.
create or replace function app_private.booking_gate(draft app_public.appointments) returns text[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_missing app_public.missing_requirement[] := array(
    select missing from app_private.hold_requirements(draft, 'booked') as missing);
  v_rules text[] := '{}';
begin
  if v_missing = '{}' then
    return v_rules;
  end if;
  if v_missing[1].kind = 'blocked' and app_private.may_override(draft.organization_id, draft.override_reason) then
    v_missing := v_missing[2:];
    v_rules := '{blocked}';
  end if;
  perform app_private.refuse_unready(v_missing);
  return v_rules;
end;
$$;

comment on function app_private.booking_gate is
  'NOT_READY for a booking that the patient is not ready for, with all that is missing; else the rules that the reason of staff set aside.';
grant execute on function app_private.booking_gate to app_engine;

-- As it moves on: confirmed asks for the forms as well; inprogress does not, since whoever is there is treated.
create or replace function app_private.appointment_gate(appointment app_public.appointments, stage text) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.refuse_unready(array(
    select missing from app_private.hold_requirements(appointment, stage) as missing));
end;
$$;

comment on function app_private.appointment_gate is
  'NOT_READY with all that is missing for an appointment to be confirmed or begun; the caller has locked the patient.';
grant execute on function app_private.appointment_gate to app_engine;

create or replace function app_private.refuse_unready(missing app_public.missing_requirement[]) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if missing = '{}' then
    return;
  end if;
  perform app_hidden.refuse(
    'NOT_READY',
    case when missing[1].kind = 'blocked' then 'booking_blocked' else 'requirements_missing' end,
    jsonb_build_object('missing', (
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'kind', one.kind, 'purpose', one.purpose, 'version', one.version, 'versionId', one.version_id, 'reason', one.reason,
        'templateId', one.template_id, 'formId', one.form_id, 'until', one.until, 'resolvedBy', one.resolved_by))
        order by one.place)
      from unnest(missing) with ordinality as one
        (kind, purpose, version, version_id, reason, template_id, form_id, until, resolved_by, place))));
end;
$$;

comment on function app_private.refuse_unready is 'NOT_READY with a list of what is missing; nothing where nothing is.';
grant execute on function app_private.refuse_unready to app_engine;

-- Before the appointment itself is locked: whoever withdraws locks the patient first and the appointments then.
create or replace function app_private.lock_patient_of(appointment_id uuid) returns uuid
language sql volatile
set search_path = ''
as $$
  select patients.patient_profile_id
  from app_public.appointments
  join app_public.patients
    on patients.organization_id = appointments.organization_id and patients.patient_profile_id = appointments.patient_profile_id
  where appointments.id = lock_patient_of.appointment_id
  for share of patients
$$;

comment on function app_private.lock_patient_of is 'Locks the patient of an appointment for share, as bookings do; null where there is none.';
grant execute on function app_private.lock_patient_of to app_engine;
