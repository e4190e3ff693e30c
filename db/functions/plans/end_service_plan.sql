-- A plan is ended before its time: refunded, or sold by mistake. What is left lapses, the history stays. CAT-04.

set role app_engine;

create or replace function app_public.end_service_plan(
  patient_service_plan_id uuid,
  reason text
) returns app_public.patient_service_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_plan app_public.patient_service_plans;
begin
  v_plan := app_private.plan_to_serve(patient_service_plan_id);
  v_reason := app_private.require_reason(reason);
  if v_plan.source_tier_subscription_id is not null then
    perform app_hidden.refuse('CONFLICT', 'plan_is_of_a_tier');
  elsif v_plan.ended_at is not null then
    return v_plan;
  end if;
  return app_private.end_plan(v_plan, app_hidden.now(), v_reason);
end;
$$;

comment on function app_public.end_service_plan is
  'Ends a plan that was bought; what is left of it lapses. Needs patient_plans.manage and a reason. CONFLICT plan_is_of_a_tier '
  'for one that a subscription brings. A second time answers the same.';
grant execute on function app_public.end_service_plan to app_member;

reset role;
