-- In which currency a clinic is billed: its subscription's, or what it wants to be billed in, or its own. FND-24, BIL-10.

create or replace function app_private.billing_currency(organization_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    (select subscriptions.currency from app_public.organization_subscriptions as subscriptions
     where subscriptions.organization_id = organizations.id and subscriptions.status <> 'canceled'),
    (select billing.currency from app_public.organization_billing as billing where billing.organization_id = organizations.id),
    organizations.currency)::text
  from app_public.organizations
  where organizations.id = billing_currency.organization_id;
end;

comment on function app_private.billing_currency is 'The currency that the clinic is billed in.';
grant execute on function app_private.billing_currency to app_engine;
