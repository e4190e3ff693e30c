-- A session of a plan is used for an appointment, whatever brings it about: booking, another service, another patient,
-- reinstating. It is numbered as the least that no other appointment of the plan has, so a session that was given back is the
-- next one again. Where none is left, the draft comes back without a number, and the gate says so. CAT-04.

create or replace function app_private.use_session(draft app_public.appointments) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements := app_private.usable_entitlement(
    draft.organization_id, draft.patient_profile_id, 'sessions', draft.service_id, draft.starts_at, draft.patient_service_plan_id);
begin
  if v_entitlement.id is null or app_public.patient_entitlements_balance(v_entitlement) <= 0 then
    return draft;
  end if;
  draft.patient_service_plan_id := v_entitlement.patient_service_plan_id;
  perform app_private.debit_entitlement(
    draft.organization_id, draft.patient_profile_id, 'sessions', 'appointment', draft.id, draft.service_id, draft.starts_at,
    draft.patient_service_plan_id);

  with used as (
    select appointments.plan_session_number as number
    from app_public.appointments
    where appointments.organization_id = draft.organization_id
      and appointments.patient_service_plan_id = draft.patient_service_plan_id
      and appointments.plan_session_number is not null
      and appointments.id <> draft.id
  )
  select min(free.number) into strict draft.plan_session_number
  from (select 1 as number union all select used.number + 1 from used) as free
  where not exists (select from used where used.number = free.number);
  draft.price_amount := 0;
  return draft;
end;
$$;

comment on function app_private.use_session is
  'An appointment with the plan it is by, the number of the session, and nothing to pay; as it was where no session is left for it. '
  'The caller has settled the plans, asks the gate and writes it.';
grant execute on function app_private.use_session to app_engine;
