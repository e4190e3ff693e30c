-- What a payment provider tells of a card that a clinic entered or took away: brand and last four digits, which people see beside "by
-- card". The card that was entered last, of those that stand, pays (0189) and is the one that is shown, in whatever order and however often
-- it is told: each card is kept, and one that was taken away does not come back by what is told late. BIL-08, docs/decisions/0197, 0201.

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
  insert into app_private.provider_cards as known
    (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at, is_gone)
  values (
    v_subscription.organization_id, v_subscription.id, record_payment_card.card_id, left(record_payment_card.brand, 40),
    record_payment_card.last_four, record_payment_card.entered_at, record_payment_card.is_gone)
  on conflict on constraint provider_cards_pkey do update set is_gone = true
    where excluded.is_gone and not known.is_gone;
  return case when app_private.show_latest_card(v_subscription) then 'kept' else 'older' end;
end;
$$;

comment on function app_hidden.record_payment_card is
  'Keeps a card of the live subscription of whom the provider knows by customer_id, or that it is_gone: kept where another card is shown by '
  'that, or none; else older, or not_ours. VALIDATION card_malformed.';
grant execute on function app_hidden.record_payment_card to app_worker;

reset role;

-- Of one instant the greater id holds. Whoever calls it has locked the subscription.
create or replace function app_private.show_latest_card(subscription app_public.organization_subscriptions) returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.payment_cards as shown (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at)
  select latest.organization_id, latest.subscription_id,
    case when not latest.is_gone then latest.provider_card_id end,
    case when not latest.is_gone then latest.brand end,
    case when not latest.is_gone then latest.last_four end,
    latest.entered_at
  from (
    select cards.*
    from app_private.provider_cards as cards
    where cards.organization_id = subscription.organization_id and cards.subscription_id = subscription.id
    order by cards.is_gone, cards.entered_at desc, cards.provider_card_id collate "C" desc
    limit 1
  ) as latest
  on conflict on constraint payment_cards_one_of_a_subscription do update
    set provider_card_id = excluded.provider_card_id, brand = excluded.brand, last_four = excluded.last_four,
        entered_at = excluded.entered_at
    where shown.provider_card_id is distinct from excluded.provider_card_id;
  return found;
end;
$$;

comment on function app_private.show_latest_card is
  'Shows the card of a subscription that was entered last of those that stand, or that none stands; whether that changed anything.';
grant execute on function app_private.show_latest_card to app_engine;
