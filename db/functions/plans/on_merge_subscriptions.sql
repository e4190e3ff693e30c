-- What the duplicate subscribes to, and bought, goes to the patient who is kept; plans of a tier follow their subscription by its
-- key, and the ledger its plan. Of two live subscriptions staff end one before: no rule says which is paid. FND-34, FND-21.

create or replace function app_private.on_merge_subscriptions(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscriptions jsonb;
  v_plans jsonb;
begin
  if (
    select count(distinct patient_subscriptions.patient_profile_id)
    from app_public.patient_subscriptions
    where patient_subscriptions.organization_id = kept.organization_id
      and patient_subscriptions.patient_profile_id in (kept.patient_profile_id, duplicate.patient_profile_id)
      and patient_subscriptions.status in ('pending', 'trialing', 'active', 'past_due')
  ) > 1 then
    perform app_hidden.refuse('CONFLICT', 'both_subscribed');
  end if;
  with moved as (
    update app_public.patient_subscriptions set patient_profile_id = kept.patient_profile_id
    where patient_subscriptions.organization_id = duplicate.organization_id
      and patient_subscriptions.patient_profile_id = duplicate.patient_profile_id
    returning patient_subscriptions.id, old.patient_profile_id
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_subscriptions from moved;
  with moved as (
    update app_public.patient_service_plans set patient_profile_id = kept.patient_profile_id
    where patient_service_plans.organization_id = duplicate.organization_id
      and patient_service_plans.patient_profile_id = duplicate.patient_profile_id
    returning patient_service_plans.id, old.patient_profile_id
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_plans from moved;
  return jsonb_build_object(
    'app_public.patient_subscriptions.patient_profile_id', v_subscriptions,
    'app_public.patient_service_plans.patient_profile_id', v_plans);
end;
$$;

comment on function app_private.on_merge_subscriptions is
  'Moves subscriptions, and plans that were bought. CONFLICT both_subscribed.';
grant execute on function app_private.on_merge_subscriptions to app_engine;
