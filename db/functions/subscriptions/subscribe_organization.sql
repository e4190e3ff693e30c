-- A clinic subscribes to a tier of the platform: on trial first where the tier has one and the clinic never had, else from today on.
-- What it is billed as has to be complete before, since the end of a trial asks nobody. The platform may prepare a subscription
-- without: it is pending, and begins when the clinic subscribes to it. BIL-01, BIL-10.

set role app_engine;

create or replace function app_public.subscribe_organization(
  organization_id uuid,
  tier_id uuid,
  cadence text,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('subscribe_organization', jsonb_build_array(organization_id, tier_id, cadence, reason));
  v_reason text;
  v_is_clinic boolean := app_hidden.has_permission(organization_id, 'billing.manage');
  v_missing text[] := app_private.missing_of_billing(organization_id);
  v_organization app_public.organizations;
  v_details app_public.organization_billing;
  v_version app_public.platform_tier_versions;
  v_subscription app_public.organization_subscriptions;
begin
  if v_remembered is not null then
    perform app_private.billing_reason(organization_id, reason);
    return jsonb_populate_record(v_subscription, v_remembered);
  end if;

  v_reason := app_private.billing_reason(organization_id, reason);
  if v_is_clinic and v_missing <> '{}' then
    perform app_hidden.refuse('STATE', 'billing_incomplete', jsonb_build_object('missing', v_missing));
  end if;

  select organizations.* into strict v_organization
  from app_public.organizations where organizations.id = subscribe_organization.organization_id;
  select details.* into v_details
  from app_public.organization_billing as details where details.organization_id = subscribe_organization.organization_id;
  v_version := app_private.offered_tier_version(
    subscribe_organization.tier_id, coalesce(v_details.currency, v_organization.currency), v_organization.tenancy_mode, v_is_clinic);

  v_subscription.organization_id := v_organization.id;
  v_subscription.tier_version_id := v_version.id;
  v_subscription.tenancy_mode := v_organization.tenancy_mode;
  v_subscription.cadence := subscribe_organization.cadence;
  v_subscription.currency := coalesce(v_details.currency, v_organization.currency);
  v_subscription.timezone := coalesce(v_details.timezone, v_organization.timezone);
  v_subscription.status_reason := v_reason;
  v_subscription := app_private.prepare_organization_subscription(v_subscription);
  if v_subscription.id is null then
    perform app_hidden.refuse('CONFLICT', 'clinic_already_subscribed');
  end if;
  if v_missing = '{}' then
    v_subscription := app_private.begin_organization_subscription(v_subscription);
  end if;
  perform app_private.remember('subscribe_organization', to_jsonb(v_subscription));
  return v_subscription;
end;
$$;

comment on function app_public.subscribe_organization is
  E'@words cadence organization_subscriptions.cadence\n@arg tierId One of platformTiers that is offered.\n'
  '@arg cadence How often the price of the tier is billed.\n@arg reason Why; a superadmin has to say.\n'
  'Subscribes a clinic to a tier: on trial where the tier has one and the clinic never had, else from today on. Needs billing.manage, or a superadmin '
  'with a reason. STATE billing_incomplete names the billing details that are missing; a superadmin then prepares a subscription that is '
  'pending. CONFLICT clinic_already_subscribed; NOT_FOUND platform_tier_not_found; VALIDATION tier_has_no_price.';
grant execute on function app_public.subscribe_organization to app_member;

reset role;

create or replace function app_private.prepare_organization_subscription(draft app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.organization_subscriptions
    (organization_id, status, tier_version_id, tenancy_mode, cadence, currency, timezone, provider, status_reason, created_by, created_at)
  values
    ((draft).organization_id, 'pending', (draft).tier_version_id, (draft).tenancy_mode, (draft).cadence, (draft).currency, (draft).timezone,
     app_private.payment_provider_of((draft).organization_id), (draft).status_reason, app_private.current_actor_id(), app_hidden.now())
  on conflict (organization_id) where status <> 'canceled' do update set
    tier_version_id = excluded.tier_version_id,
    cadence = excluded.cadence, currency = excluded.currency, timezone = excluded.timezone,
    provider = excluded.provider, status_reason = excluded.status_reason
    where organization_subscriptions.status = 'pending'
  returning *;
end;

comment on function app_private.prepare_organization_subscription is
  'Writes a subscription that is pending, or the one that is pending as this draft says; null where another one is live.';
grant execute on function app_private.prepare_organization_subscription to app_engine;
