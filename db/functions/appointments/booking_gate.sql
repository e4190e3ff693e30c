-- The gate: what a patient has to have done before the clinic books for them, confirms, and begins. Asked in the transaction that
-- writes, so no way in goes round it; what is missing is told all at once. APT-06, CNS-08, docs/decisions/0114.

-- At booking, by book() and by whatever changes calendar, service or modality; the caller has locked the patient, and where it is to
-- be by a plan, has tried to use a session: a draft without one says so beside what else is missing. A block gives way
-- to staff with a reason, which is kept with the appointment beside the other rules that were set aside.
create or replace function app_private.booking_gate(draft app_public.appointments, by_plan boolean default false) returns text[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_missing app_public.missing_requirement[] := array(
    select missing from app_private.hold_requirements(draft, 'booked', by_plan) as missing);
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

-- A draft behind the gate, with the rules that the reason of staff set aside; without such rules the reason is not kept.
create or replace function app_private.pass_gate(draft app_public.appointments, by_plan boolean default false)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
begin
  draft.overridden_rules := nullif(coalesce(draft.overridden_rules, '{}') || app_private.booking_gate(draft, by_plan), '{}');
  draft.override_reason := case when draft.overridden_rules is not null then btrim(draft.override_reason) end;
  return draft;
end;
$$;

comment on function app_private.pass_gate is 'The draft, when the patient is ready for it, with the rules that gave way; NOT_READY otherwise.';
grant execute on function app_private.pass_gate to app_engine;

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
    case missing[1].kind when 'blocked' then 'booking_blocked' when 'entitlement' then 'session_missing' else 'requirements_missing' end,
    jsonb_build_object('missing', (
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'kind', one.kind, 'purpose', one.purpose, 'version', one.version, 'versionId', one.version_id, 'reason', one.reason,
        'templateId', one.template_id, 'formId', one.form_id, 'until', one.until, 'resolvedBy', one.resolved_by,
        'message', one.message, 'patientServicePlanId', one.patient_service_plan_id))
        order by one.place)
      from unnest(missing) with ordinality as one
        (kind, purpose, version, version_id, reason, template_id, form_id, until, resolved_by, message, patient_service_plan_id,
         place))));
end;
$$;

comment on function app_private.refuse_unready is 'NOT_READY with a list of what is missing; nothing where nothing is.';
grant execute on function app_private.refuse_unready to app_engine;
