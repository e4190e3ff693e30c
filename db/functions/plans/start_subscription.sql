-- A patient subscribes to a tier: agreed first, begun at once where it is said so. FND-21.

set role app_engine;

create or replace function app_public.start_subscription(
  patient_id uuid,
  tier_id uuid,
  status text default 'active',
  trial_ends_at timestamptz default null,
  ends_at timestamptz default null
) returns app_public.patient_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('start_subscription', jsonb_build_array(
    patient_id, tier_id, status, trial_ends_at, ends_at));
  v_patient app_public.patients;
  v_subscription app_public.patient_subscriptions;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'patient_plans.manage');
    return jsonb_populate_record(v_subscription, v_remembered);
  end if;

  v_patient := app_private.patient_to_serve(patient_id);
  perform app_private.require_not_suspended(v_patient.organization_id);
  if (start_subscription.status = 'trialing') <> (trial_ends_at is not null) then
    perform app_hidden.refuse('VALIDATION', 'trial_needs_an_end', '{"field": "trialEndsAt"}');
  elsif trial_ends_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "trialEndsAt"}');
  elsif ends_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "endsAt"}');
  end if;
  insert into app_public.patient_subscriptions
    (organization_id, patient_profile_id, tier_id, status, billing_period, trial_ends_at, ends_at, created_by)
  select
    v_patient.organization_id, v_patient.patient_profile_id, patient_tiers.id, 'pending', patient_tiers.billing_period,
    start_subscription.trial_ends_at, start_subscription.ends_at, app_private.current_actor_id()
  from app_public.patient_tiers
  where patient_tiers.organization_id = v_patient.organization_id
    and patient_tiers.id = start_subscription.tier_id
    and patient_tiers.is_active
  on conflict (organization_id, patient_profile_id) where patient_subscriptions.status in ('pending', 'trialing', 'active', 'past_due')
    do nothing
  returning * into v_subscription;
  if not found then
    if exists (
      select from app_public.patient_tiers
      where patient_tiers.organization_id = v_patient.organization_id
        and patient_tiers.id = start_subscription.tier_id
        and patient_tiers.is_active
    ) then
      perform app_hidden.refuse('CONFLICT', 'already_subscribed');
    end if;
    perform app_hidden.refuse('NOT_FOUND', 'patient_tier_not_found');
  end if;
  if start_subscription.status <> 'pending' then
    perform app_private.authorize_move(
      'patient_subscriptions', 'pending', start_subscription.status, v_patient.organization_id);
    v_subscription := app_private.set_subscription_status(v_subscription, start_subscription.status, app_hidden.now());
  end if;
  perform app_private.remember('start_subscription', to_jsonb(v_subscription));
  return v_subscription;
end;
$$;

comment on function app_public.start_subscription is
  E'@words status patient_subscriptions.status\n@arg status Whether it is active at once, on trial, or pending.\n@arg trialEndsAt Until when it is on trial, where it is.\nSubscribes a patient to a tier. Needs patient_plans.manage; CONFLICT already_subscribed while another one is '
  'live; NOT_FOUND patient_tier_not_found.';
grant execute on function app_public.start_subscription to app_member;

reset role;
