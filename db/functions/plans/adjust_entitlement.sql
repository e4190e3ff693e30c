-- What is left is corrected by hand: as a gift, or since something was counted wrongly. CAT-04.

set role app_engine;

create or replace function app_public.adjust_entitlement(
  patient_entitlement_id uuid,
  quantity int,
  reason text
) returns app_public.patient_entitlements
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('adjust_entitlement', jsonb_build_array(patient_entitlement_id, quantity, reason));
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_reason text;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'patient_plans.manage');
    return jsonb_populate_record(v_entitlement, v_remembered);
  end if;

  v_plan := app_private.plan_to_serve((
    select patient_entitlements.patient_service_plan_id
    from app_public.patient_entitlements
    where patient_entitlements.id = adjust_entitlement.patient_entitlement_id));
  v_reason := app_private.require_reason(reason);
  select patient_entitlements.* into strict v_entitlement
  from app_public.patient_entitlements
  where patient_entitlements.id = adjust_entitlement.patient_entitlement_id;
  if quantity = 0 or abs(quantity::bigint) > 10000 then
    perform app_hidden.refuse('VALIDATION', 'adjustment_out_of_range', '{"field": "quantity", "most": 10000}');
  elsif v_plan.ended_at is not null then
    perform app_hidden.refuse('STATE', 'plan_has_ended');
  elsif app_public.patient_entitlements_balance(v_entitlement) + quantity < 0 then
    perform app_hidden.refuse('ENTITLEMENT_EXHAUSTED', 'nothing_left', jsonb_build_object('kind', v_entitlement.kind));
  end if;
  perform app_private.write_entry(
    v_entitlement, case when quantity > 0 then 'grant' else 'expire' end, quantity, app_hidden.now(), reason => v_reason);
  perform app_private.remember('adjust_entitlement', to_jsonb(v_entitlement));
  return v_entitlement;
end;
$$;

comment on function app_public.adjust_entitlement is
  E'@arg quantity How many are given; less than zero are taken.\nGives or, with a quantity below zero, takes of one kind of a plan. Needs patient_plans.manage and a reason. '
  'ENTITLEMENT_EXHAUSTED nothing_left when less is left; STATE plan_has_ended.';
grant execute on function app_public.adjust_entitlement to app_member;

reset role;
