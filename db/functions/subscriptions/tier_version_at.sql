-- Which version of which tier a clinic has at an instant. FND-20, BIL-01.

create or replace function app_private.tier_version_at(organization_id uuid, at timestamptz) returns uuid
language sql stable
set search_path = ''
begin atomic
  select coalesce(held.tier_version_id, subscriptions.tier_version_id)
  from app_public.organization_subscriptions as subscriptions
  left join lateral (
    select tiers.tier_version_id
    from app_public.organization_subscription_tiers as tiers
    where tiers.organization_id = subscriptions.organization_id and tiers.subscription_id = subscriptions.id
      and tiers.starts_on <= (tier_version_at.at at time zone subscriptions.timezone)::date
    order by tiers.starts_on desc, tiers.position desc
    limit 1
  ) as held on true
  where subscriptions.organization_id = tier_version_at.organization_id and subscriptions.status not in ('pending', 'canceled');
end;

comment on function app_private.tier_version_at is 'The version that the clinic''s live subscription is of at an instant; null: it has none.';
grant execute on function app_private.tier_version_at to app_engine;
