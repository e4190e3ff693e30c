-- Listings take the token of a booking that is to be moved. APT-05, BIL-05, docs/decisions/0201.
drop function if exists app_public.available_slots(uuid, timestamptz, timestamptz, uuid, text);
drop function if exists app_public.available_days(uuid, date, date, uuid, text);
drop function if exists app_public.next_available(uuid, int, uuid);
drop function if exists app_private.require_listed(uuid);

-- Every card that a payment provider told of, so that an earlier one that stands is shown again when a later one is taken away. BIL-08,
-- docs/decisions/0201.
-- squawk-ignore ban-drop-table
drop table if exists app_private.provider_cards;
create table app_private.provider_cards (
  organization_id uuid not null,
  subscription_id uuid not null,
  provider_card_id text not null,
  brand text not null,
  last_four text not null,
  entered_at timestamptz not null,
  is_gone boolean not null,
  constraint provider_cards_pkey primary key (organization_id, subscription_id, provider_card_id),
  constraint provider_cards_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete cascade,
  constraint provider_cards_brand_is_short check (length(brand) <= 40),
  constraint provider_cards_last_four_are_digits check (last_four ~ '^[0-9]{4}$')
);
comment on table app_private.provider_cards is
  'Every card of a subscription that the payment provider told of; app_public.payment_cards is the latest of those that stand.';
comment on column app_private.provider_cards.entered_at is 'When it was entered, by the payment provider''s clock.';
comment on column app_private.provider_cards.is_gone is 'Whether it was taken away, which is the last word about it.';
comment on column app_public.payment_cards.brand is 'Its brand, as the payment provider calls it; null once no card stands any more.';
comment on column app_public.payment_cards.last_four is 'Its last four digits; null once no card stands any more.';
comment on column app_public.payment_cards.entered_at is
  'When it was entered, by the payment provider''s clock; of the latest that was taken away, once none stands.';

-- The policy file says this again.
grant insert on app_private.provider_cards to app_engine;
set local role app_engine;
insert into app_private.provider_cards (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at, is_gone)
select cards.organization_id, cards.subscription_id, cards.provider_card_id, cards.brand, cards.last_four, cards.entered_at, false
from app_public.payment_cards as cards
where cards.provider_card_id is not null;
reset role;

-- Text messages on their way, which a hard limit counts beside those that were taken. FND-20, docs/decisions/0203.
-- squawk-ignore require-concurrent-index-creation
create index if not exists messages_texts_leaving_idx on app_public.messages (organization_id)
  where channel = 'sms' and status = 'queued' and attempted_at is not null;
