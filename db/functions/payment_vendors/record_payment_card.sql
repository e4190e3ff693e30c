-- What a payment provider tells of a card that a clinic entered or took away: brand and last four digits, which people see beside "by
-- card". The card that was entered last pays (0189), so the latest by the provider's clock is the one that is shown, in whatever order and
-- however often it is told. One that was taken away does not come back by what is told late. BIL-08, docs/decisions/0197.

set role app_engine;

create or replace function app_hidden.record_payment_card(
  provider text, customer_id text, card_id text, brand text, last_four text, entered_at timestamptz, is_gone boolean default false
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  if last_four !~ '^[0-9]{4}$' then
    perform app_hidden.refuse('VALIDATION', 'card_malformed', '{"field": "lastFour"}');
  end if;
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.provider = record_payment_card.provider
    and organization_subscriptions.provider_customer_id = record_payment_card.customer_id
    and organization_subscriptions.status <> 'canceled'
  for no key update;
  if not found then
    return 'not_ours';
  end if;
  insert into app_public.payment_cards as known (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at)
  select v_subscription.organization_id, v_subscription.id,
    case when not is_gone then record_payment_card.card_id end,
    case when not is_gone then left(record_payment_card.brand, 40) end,
    case when not is_gone then record_payment_card.last_four end,
    record_payment_card.entered_at
  on conflict on constraint payment_cards_one_of_a_subscription do update
    set provider_card_id = excluded.provider_card_id, brand = excluded.brand, last_four = excluded.last_four,
        entered_at = excluded.entered_at
    -- Of one instant the greater id holds, and that a card is gone is the last word about it.
    where known.entered_at < excluded.entered_at
       or known.entered_at = excluded.entered_at and (
         is_gone and known.provider_card_id = record_payment_card.card_id or known.provider_card_id < excluded.provider_card_id);
  return case when found then 'kept' else 'older' end;
end;
$$;

comment on function app_hidden.record_payment_card is
  'Keeps which card pays the live subscription of whom the provider knows by customer_id, or that it is_gone, unless a later one is known: '
  'kept, older or not_ours. VALIDATION card_malformed.';
grant execute on function app_hidden.record_payment_card to app_worker;

reset role;
