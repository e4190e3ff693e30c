-- What was used for something that does not take place is given back, to where it was taken from. If that has ended
-- meanwhile it lapses there again, or goes over with the rest where the plan carries over: nobody keeps sessions alive by
-- booking and cancelling. What stands idle is restored once, however often it is asked. CAT-04.

create or replace function app_private.restore_entitlement(
  organization_id uuid,
  kind text,
  subject_kind text,
  subject_id uuid
) returns app_public.entitlement_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_debit app_public.entitlement_entries := app_private.open_debit(organization_id, kind, subject_kind, subject_id);
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_restore app_public.entitlement_entries;
begin
  if v_debit.id is null then
    return null;
  end if;
  select plans.* into strict v_plan
  from app_public.patient_entitlements
  join app_public.patient_service_plans as plans
    on plans.organization_id = patient_entitlements.organization_id and plans.id = patient_entitlements.patient_service_plan_id
  where patient_entitlements.organization_id = v_debit.organization_id and patient_entitlements.id = v_debit.patient_entitlement_id;
  perform app_private.settle_patient_plans(v_plan.organization_id, v_plan.patient_profile_id);
  v_debit := app_private.open_debit(organization_id, kind, subject_kind, subject_id);
  if v_debit.id is null then
    return null;
  end if;
  select plans.* into strict v_plan
  from app_public.patient_service_plans as plans
  where plans.organization_id = v_plan.organization_id and plans.id = v_plan.id;
  select patient_entitlements.* into strict v_entitlement
  from app_public.patient_entitlements
  where patient_entitlements.organization_id = v_debit.organization_id and patient_entitlements.id = v_debit.patient_entitlement_id;

  v_restore := app_private.write_entry(
    v_entitlement, 'restore', 1, app_hidden.now(), period_starts_at => v_debit.period_starts_at, debit => v_debit);
  if v_plan.ended_at is not null or v_debit.period_starts_at <> v_entitlement.period_starts_at then
    perform app_private.write_entry(v_entitlement, 'expire', -1, app_hidden.now(), period_starts_at => v_debit.period_starts_at);
    if v_plan.ended_at is null and v_plan.carry_over_unused then
      perform app_private.write_entry(v_entitlement, 'carry', 1, app_hidden.now());
    elsif v_debit.period_starts_at = v_entitlement.period_starts_at then
      -- As the rest did when the plan ended: a tier that brings the plan back within the period gives it again.
      update app_public.patient_entitlements set granted = patient_entitlements.granted - 1
      where patient_entitlements.organization_id = v_entitlement.organization_id and patient_entitlements.id = v_entitlement.id;
    end if;
  end if;
  return v_restore;
end;
$$;

comment on function app_private.restore_entitlement is
  'Gives back what was used for something; null when nothing is. The caller has checked who may.';
grant execute on function app_private.restore_entitlement to app_engine;
