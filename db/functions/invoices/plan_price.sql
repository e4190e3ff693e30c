-- What a version of a tier costs a subscription for a month, or for a year. BIL-02.

create or replace function app_private.plan_price(
  subscription app_public.organization_subscriptions, tier_version_id uuid
) returns app_public.platform_tier_prices
language plpgsql stable
set search_path = ''
as $$
declare
  v_price app_public.platform_tier_prices;
begin
  select prices.* into v_price
  from app_public.platform_tier_prices as prices
  where prices.tier_version_id = plan_price.tier_version_id
    and prices.currency = subscription.currency
    and prices.tenancy_mode = subscription.tenancy_mode;
  if not found then
    perform app_hidden.refuse('STATE', 'tier_has_no_price', jsonb_build_object(
      'tierVersionId', plan_price.tier_version_id, 'currency', subscription.currency, 'tenancyMode', subscription.tenancy_mode));
  end if;
  return v_price;
end;
$$;

comment on function app_private.plan_price is
  'The prices of a version in the currency and the tenancy of a subscription; STATE tier_has_no_price.';
grant execute on function app_private.plan_price to app_engine;

create or replace function app_private.term_amount(subscription app_public.organization_subscriptions, tier_version_id uuid) returns bigint
language plpgsql stable
set search_path = ''
as $$
declare
  v_price constant app_public.platform_tier_prices := app_private.plan_price(subscription, term_amount.tier_version_id);
begin
  return case subscription.cadence when 'annual' then v_price.annual_amount else v_price.monthly_amount end;
end;
$$;

comment on function app_private.term_amount is 'What a version of a tier costs for a term of a subscription: a month, or a year; in minor units.';
grant execute on function app_private.term_amount to app_engine;
