-- Whom a payment vendor knows a clinic as: kept as soon as the vendor says it, before anything is made for it there. The first one
-- stays, so that cards and charges are of the same. BIL-04, BIL-08.

set role app_engine;

create or replace function app_hidden.record_payment_customer(organization_id uuid, provider text, customer_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = record_payment_customer.organization_id
    and organization_subscriptions.status <> 'canceled'
  for no key update;
  if v_subscription.provider_customer_id is null then
    update app_public.organization_subscriptions set provider_customer_id = record_payment_customer.customer_id
    where organization_subscriptions.organization_id = v_subscription.organization_id
      and organization_subscriptions.id = v_subscription.id
    returning organization_subscriptions.provider_customer_id into v_subscription.provider_customer_id;
  end if;
  return v_subscription.provider_customer_id;
end;
$$;

comment on function app_hidden.record_payment_customer is
  'Keeps the id by which a payment vendor knows a clinic with the clinic''s live subscription, unless one is there; answers the one that is.';
grant execute on function app_hidden.record_payment_customer to app_authenticator, app_worker;

reset role;
