-- The offer that a message's link opens. SCH-10.

create or replace function app_private.offer_of_token(token text) returns app_public.waitlist_offers
language sql stable
set search_path = ''
begin atomic
  select waitlist_offers
  from app_private.waitlist_offer_tokens
  join app_public.waitlist_offers
    on waitlist_offers.organization_id = waitlist_offer_tokens.organization_id
    and waitlist_offers.id = waitlist_offer_tokens.waitlist_offer_id
  where waitlist_offer_tokens.token_hash = sha256(convert_to(offer_of_token.token, 'UTF8'));
end;

comment on function app_private.offer_of_token is 'The offer that a token stands for, over or not; null where there is none.';
grant execute on function app_private.offer_of_token to app_engine;
