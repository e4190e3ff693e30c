-- What a payment vendor's webhook says of a subscription that it runs. One that is not ours is of another installation, or was made at
-- the vendor by hand. BIL-01.

set role app_engine;

create or replace function app_hidden.record_provider_subscription(
  provider text, provider_subscription_id text, vendor_status text, as_of timestamptz
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  if not exists (
    select from app_public.organization_subscriptions
    where organization_subscriptions.provider = record_provider_subscription.provider
      and organization_subscriptions.provider_subscription_id = record_provider_subscription.provider_subscription_id
  ) then
    return 'not_ours';
  end if;
  v_subscription := app_private.apply_provider_status(provider, provider_subscription_id, vendor_status, as_of);
  return v_subscription.status;
end;
$$;

comment on function app_hidden.record_provider_subscription is
  'Applies what a vendor says of a subscription by the time as of which it says so; answers the status that the subscription has then, or '
  'not_ours.';
grant execute on function app_hidden.record_provider_subscription to app_worker;

reset role;
