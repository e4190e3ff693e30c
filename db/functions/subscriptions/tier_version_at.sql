-- Which version of which tier held for a clinic at an instant. What counts and bills asks it. BIL-01, FND-20.

create or replace function app_private.tier_version_at(organization_id uuid, at timestamptz) returns uuid
language sql stable
set search_path = ''
begin atomic
  select held.tier_version_id
  from app_public.organization_subscriptions as subscriptions
  join app_public.organization_subscription_tiers as held
    on held.organization_id = subscriptions.organization_id and held.subscription_id = subscriptions.id
  where subscriptions.organization_id = tier_version_at.organization_id
    and subscriptions.anchor_on is not null
    and (subscriptions.ended_at is null or tier_version_at.at < subscriptions.ended_at)
    and held.starts_on <= (tier_version_at.at at time zone subscriptions.timezone)::date
  order by subscriptions.id desc, held.position desc
  limit 1;
end;

comment on function app_private.tier_version_at is
  'The version of the tier that a clinic had then: on trial, active, past due or suspended. Null: it had no subscription.';
grant execute on function app_private.tier_version_at to app_engine;
