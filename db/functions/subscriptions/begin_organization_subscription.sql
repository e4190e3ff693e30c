-- A pending subscription begins: the trial of the tier's days, once in the life of a clinic, or the first month from today on. Days
-- are those of the billing zone, so what is billed begins at midnight. BIL-01.

create or replace function app_private.begin_organization_subscription(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today date := (app_hidden.now() at time zone subscription.timezone)::date;
  v_trial_days int := 0;
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
begin
  if not exists (
    select from app_public.organization_subscriptions as earlier
    where earlier.organization_id = subscription.organization_id and earlier.trial_ends_at is not null
  ) then
    select versions.trial_days into strict v_trial_days
    from app_public.platform_tier_versions as versions where versions.id = subscription.tier_version_id;
  end if;

  update app_public.organization_subscriptions set
    status = case when v_trial_days > 0 then 'trialing' else 'active' end,
    anchor_on = v_today + v_trial_days,
    trial_ends_at = case when v_trial_days > 0 then app_private.day_starts(v_today + v_trial_days, subscription.timezone) end,
    -- Of a trial of a week or less nobody has to be told that it ends within a week.
    trial_told_at = case when v_trial_days between 1 and 7 then app_hidden.now() end
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  perform app_private.write_subscription_tier(v_subscription, v_subscription.status_reason);

  v_period.organization_id := v_subscription.organization_id;
  v_period.subscription_id := v_subscription.id;
  v_period.position := 1;
  v_period.is_trial := v_trial_days > 0;
  v_period.cadence := v_subscription.cadence;
  v_period.starts_on := v_today;
  v_period.ends_on := case when v_trial_days > 0 then v_subscription.anchor_on else app_private.month_day(v_today, 1) end;
  v_period.during := tstzrange(
    app_private.day_starts(v_period.starts_on, v_subscription.timezone), app_private.day_starts(v_period.ends_on, v_subscription.timezone));
  perform app_private.open_billing_period(v_period);
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_private.begin_organization_subscription is
  'Begins a subscription that is pending and locked, of a clinic whose billing details are complete.';
grant execute on function app_private.begin_organization_subscription to app_engine;

create or replace function app_private.write_subscription_tier(subscription app_public.organization_subscriptions, reason text) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.organization_subscription_tiers
    (organization_id, subscription_id, position, starts_on, tier_version_id, reason, created_by, created_at)
  select
    (subscription).organization_id, (subscription).id, coalesce(max(held.position), 0) + 1,
    (app_hidden.now() at time zone (subscription).timezone)::date, (subscription).tier_version_id, write_subscription_tier.reason,
    app_private.current_actor_id(), app_hidden.now()
  from app_public.organization_subscription_tiers as held
  where held.organization_id = (subscription).organization_id and held.subscription_id = (subscription).id;
end;

comment on function app_private.write_subscription_tier is 'Notes that a locked subscription is of its tier from today on.';
grant execute on function app_private.write_subscription_tier to app_engine;
