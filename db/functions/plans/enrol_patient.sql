-- A patient is sold a plan: what it gives today is what they have. CAT-04.

set role app_engine;

create or replace function app_public.enrol_patient(
  patient_id uuid,
  service_plan_id uuid
) returns app_public.patient_service_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('enrol_patient', jsonb_build_array(patient_id, service_plan_id));
  v_patient app_public.patients;
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_kind text;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'patient_plans.manage');
    return jsonb_populate_record(v_plan, v_remembered);
  end if;

  v_patient := app_private.patient_to_serve(patient_id);
  perform app_private.require_not_suspended(v_patient.organization_id);
  insert into app_public.patient_service_plans
    (organization_id, patient_profile_id, service_plan_id, telerehab_access, library_access, price_amount, currency,
     starts_at, valid_until, created_by)
  select
    v_patient.organization_id, v_patient.patient_profile_id, service_plans.id, service_plans.telerehab_access,
    service_plans.library_access, service_plans.price_amount, service_plans.currency, app_hidden.now(),
    -- The day it is bought does not count, and the last one counts to its end.
    ((app_hidden.now() at time zone organizations.timezone)::date + service_plans.validity_days + 1)::timestamp
      at time zone organizations.timezone,
    app_private.current_actor_id()
  from app_public.service_plans
  join app_public.organizations on organizations.id = service_plans.organization_id
  where service_plans.organization_id = v_patient.organization_id
    and service_plans.id = enrol_patient.service_plan_id
    and service_plans.is_active
  returning * into v_plan;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'service_plan_not_found');
  end if;

  for v_kind in
    select 'sessions'
    union all
    select service_plan_counters.kind
    from app_public.service_plan_counters
    where service_plan_counters.organization_id = v_plan.organization_id
      and service_plan_counters.service_plan_id = v_plan.service_plan_id
    order by 1
  loop
    insert into app_public.patient_entitlements (organization_id, patient_service_plan_id, kind, per_period)
    select v_plan.organization_id, v_plan.id, v_kind, app_private.plan_quantity(v_plan, v_kind)
    where app_private.plan_quantity(v_plan, v_kind) > 0
    returning * into v_entitlement;
    if found then
      perform app_private.write_entry(
        v_entitlement, 'grant', v_entitlement.per_period, app_hidden.now(), concat_ws(':', 'purchase', v_entitlement.id));
    end if;
  end loop;
  perform app_private.remember('enrol_patient', to_jsonb(v_plan));
  return v_plan;
end;
$$;

comment on function app_public.enrol_patient is
  'Sells a plan to a patient, at its price and with what it gives today. Needs patient_plans.manage; NOT_FOUND '
  'service_plan_not_found for one that the clinic does not sell.';
grant execute on function app_public.enrol_patient to app_member;

reset role;
