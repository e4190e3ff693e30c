-- What a page of a payment vendor where a card is entered needs to know of a clinic. BIL-08.
-- Behind the mutation startCardUpdate, which asks the vendor: that is why it is not exposed itself.

set role app_engine;

create or replace function app_hidden.card_update_form(organization_id uuid)
returns table (
  subscription_id uuid, provider text, provider_customer_id text, legal_name text, billing_email text, currency text
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_subscription app_public.organization_subscriptions;
begin
  perform app_private.require_permission(card_update_form.organization_id, 'billing.manage');
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = card_update_form.organization_id
    and organization_subscriptions.status <> 'canceled';
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  elsif v_subscription.provider = 'manual' then
    perform app_hidden.refuse('STATE', 'paid_by_transfer');
  end if;

  return query
  select v_subscription.id, v_subscription.provider,
    coalesce(v_subscription.provider_customer_id, app_private.known_customer(v_subscription.organization_id, v_subscription.provider)),
    details.legal_name, details.billing_email, v_subscription.currency::text
  from app_public.organization_billing as details
  where details.organization_id = v_subscription.organization_id;
  if not found then
    perform app_hidden.refuse('STATE', 'billing_details_missing');
  end if;
end;
$$;

comment on function app_hidden.card_update_form is
  'The live subscription of a clinic and whom its payment vendor knows it as. Needs billing.manage. STATE paid_by_transfer where money '
  'comes by bank transfer, billing_details_missing; NOT_FOUND clinic_not_subscribed.';
grant execute on function app_hidden.card_update_form to app_member;

reset role;

create or replace function app_private.known_customer(organization_id uuid, provider text) returns text
language sql stable
set search_path = ''
begin atomic
  select organization_subscriptions.provider_customer_id
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = known_customer.organization_id
    and organization_subscriptions.provider = known_customer.provider
    and organization_subscriptions.provider_customer_id is not null
  order by organization_subscriptions.created_at desc, organization_subscriptions.id desc
  limit 1;
end;

comment on function app_private.known_customer is
  'Whom a payment vendor knows a clinic as, from any subscription that it had; null where it knows none.';
grant execute on function app_private.known_customer to app_engine;
