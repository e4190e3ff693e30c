-- Tiers, and clinics that subscribe to them, in one line each.

create or replace function tests.subscribe(
  organization_id uuid,
  tier text default 'start',
  starts_on date default null,
  currency text default 'RON',
  cadence text default 'monthly',
  status text default 'active'
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_zone text;
  v_starts_on date;
  v_version_id uuid;
  v_id uuid;
begin
  select organizations.timezone into strict v_zone from app_public.organizations where organizations.id = subscribe.organization_id;
  v_starts_on := coalesce(subscribe.starts_on, (app_hidden.now() at time zone v_zone)::date);
  select versions.id into strict v_version_id
  from app_public.platform_tier_versions as versions
  join app_public.platform_tiers on platform_tiers.id = versions.tier_id and platform_tiers.slug = subscribe.tier
  where versions.published_at is not null
  order by versions.version desc
  limit 1;

  insert into app_public.organization_subscriptions
    (organization_id, status, tier_version_id, cadence, currency, timezone, provider)
  values (subscribe.organization_id, 'pending', v_version_id, subscribe.cadence, subscribe.currency, v_zone, 'manual')
  returning id into v_id;
  insert into app_public.organization_subscription_tiers (organization_id, subscription_id, position, starts_on, tier_version_id)
  values (subscribe.organization_id, v_id, 1, v_starts_on, v_version_id);
  if subscribe.status <> 'pending' then
    update app_public.organization_subscriptions as subscriptions set status = 'active', anchor_on = v_starts_on where subscriptions.id = v_id;
    insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
    values (subscribe.organization_id, v_id, 1, v_starts_on, (v_starts_on + interval '1 month')::date, tstzrange(
      v_starts_on::timestamp at time zone v_zone, (v_starts_on + interval '1 month') at time zone v_zone));
  end if;
  if subscribe.status not in ('pending', 'active') then
    update app_public.organization_subscriptions as subscriptions set status = subscribe.status where subscriptions.id = v_id;
  end if;
  return v_id;
end;
$$;

comment on function tests.subscribe(uuid, text, date, text, text, text) is
  'A subscription of the clinic to a tier by its slug, which runs from a day (today) with its first billing period. Its id.';

-- A tier of one version that has these limits: tests.platform_tier('small', '{"specialists": 1}', '{"sms_messages": 2}').
create or replace function tests.platform_tier(
  slug text, hard jsonb default '{}', soft jsonb default '{}', unit_price numeric default 10, monthly_amount bigint default 10000
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_version_id uuid;
  v_tier_id uuid;
begin
  insert into app_public.platform_tiers (slug, names, place, is_offered)
  values (platform_tier.slug, jsonb_build_object('ro', platform_tier.slug, 'en', platform_tier.slug), 9, true)
  returning id into v_tier_id;
  insert into app_public.platform_tier_versions (tier_id, version, trial_days) values (v_tier_id, 1, 0) returning id into v_version_id;
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount)
  values (v_version_id, 'RON', 'shared', platform_tier.monthly_amount, platform_tier.monthly_amount * 10);
  insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
  select v_version_id, given.key, 'hard', given.value::bigint from jsonb_each_text(platform_tier.hard) as given
  union all
  select v_version_id, given.key, 'soft', given.value::bigint from jsonb_each_text(platform_tier.soft) as given;
  insert into app_public.platform_overage_prices (tier_version_id, meter, currency, unit_price)
  select v_version_id, given.key, 'RON', platform_tier.unit_price from jsonb_each_text(platform_tier.soft) as given where given.value is not null;
  update app_public.platform_tier_versions set published_at = app_hidden.now() where id = v_version_id;
  return tests.remember(platform_tier.slug, v_tier_id);
end;
$$;

comment on function tests.platform_tier(text, jsonb, jsonb, numeric, bigint) is
  'A published tier with these hard and soft limits, priced in RON. tests.id(slug) is the tier.';
