-- By which plan an appointment is. One that is named, and good for it; else, unless the caller said that it is paid for, the one
-- that debit_entitlement() takes: open, good for the service, valid at the start, with a session left, and lapsing first. The plans
-- are locked from here on, so of two who want the last session the second finds none. CAT-04.

create or replace function app_private.choose_plan(draft app_public.appointments, use_plan boolean) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  if not use_plan then
    if draft.patient_service_plan_id is not null then
      perform app_hidden.refuse('VALIDATION', 'plan_contradicted', '{"field": "usePlan"}');
    end if;
    return null;
  end if;
  -- Most who book have no plan, and pay one look-up for it.
  if use_plan is null and draft.patient_service_plan_id is null and not exists (
    select from app_public.patient_service_plans
    where patient_service_plans.organization_id = draft.organization_id
      and patient_service_plans.patient_profile_id = draft.patient_profile_id
      and patient_service_plans.ended_at is null
  ) then
    return null;
  end if;

  perform app_private.settle_patient_plans(draft.organization_id, draft.patient_profile_id);
  if draft.patient_service_plan_id is not null then
    return draft.patient_service_plan_id;
  end if;
  v_entitlement := app_private.usable_entitlement(
    draft.organization_id, draft.patient_profile_id, 'sessions', draft.service_id, draft.starts_at);
  if use_plan or app_public.patient_entitlements_balance(v_entitlement) > 0 then
    return v_entitlement.patient_service_plan_id;
  end if;
  return null;
end;
$$;

comment on function app_private.choose_plan is
  'The plan for an appointment, its sessions locked: the one named; else the one that lapses first, with a session left unless '
  'use_plan insists; null where none is. VALIDATION plan_contradicted when one is named and not to be used.';
grant execute on function app_private.choose_plan to app_engine;
