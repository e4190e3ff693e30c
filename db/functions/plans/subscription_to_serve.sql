-- A subscription that a verb of staff is about: who may, and the locks. FND-21, FND-04.

create or replace function app_private.subscription_to_serve(subscription_id uuid) returns app_public.patient_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  select patient_subscriptions.* into v_subscription
  from app_public.patient_subscriptions
  where patient_subscriptions.id = subscription_to_serve.subscription_id;
  perform app_private.require_permission(v_subscription.organization_id, 'patient_plans.manage');
  perform app_private.settle_patient_plans(v_subscription.organization_id, v_subscription.patient_profile_id);
  select patient_subscriptions.* into strict v_subscription
  from app_public.patient_subscriptions
  where patient_subscriptions.id = subscription_to_serve.subscription_id;
  return v_subscription;
end;
$$;

comment on function app_private.subscription_to_serve is
  'A subscription that the caller may change, locked and settled; FORBIDDEN permission_missing or NOT_FOUND otherwise.';
grant execute on function app_private.subscription_to_serve to app_engine;
