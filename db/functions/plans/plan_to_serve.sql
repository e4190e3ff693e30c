-- A plan that a verb of staff is about: who may, and the locks. CAT-04, FND-04.

create or replace function app_private.plan_to_serve(patient_service_plan_id uuid) returns app_public.patient_service_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.patient_service_plans;
begin
  select patient_service_plans.* into v_plan
  from app_public.patient_service_plans
  where patient_service_plans.id = plan_to_serve.patient_service_plan_id;
  perform app_private.require_permission(v_plan.organization_id, 'patient_plans.manage');
  perform app_private.settle_patient_plans(v_plan.organization_id, v_plan.patient_profile_id);
  select patient_service_plans.* into strict v_plan
  from app_public.patient_service_plans
  where patient_service_plans.id = plan_to_serve.patient_service_plan_id;
  return v_plan;
end;
$$;

comment on function app_private.plan_to_serve is
  'A plan of a patient that the caller may change, locked and settled; FORBIDDEN permission_missing or NOT_FOUND otherwise.';
grant execute on function app_private.plan_to_serve to app_engine;
