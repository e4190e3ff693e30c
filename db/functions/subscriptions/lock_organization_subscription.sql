-- A clinic's live subscription, locked: the first lock of everything that bills. BIL-01, docs/decisions/0176.

create or replace function app_private.lock_organization_subscription(organization_id uuid, subscription_id uuid default null)
returns app_public.organization_subscriptions
language sql volatile
set search_path = ''
begin atomic
  select subscriptions.*
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = lock_organization_subscription.organization_id
    and subscriptions.status <> 'canceled'
    and coalesce(subscriptions.id = lock_organization_subscription.subscription_id, true)
  for no key update;
end;

comment on function app_private.lock_organization_subscription is
  'The live subscription of a clinic as it is now, locked; null where it has none, or another one than is named.';
grant execute on function app_private.lock_organization_subscription to app_engine;
