-- What the link of an offer opens, and where it leads: to the clinic's booking page, which begins with the time that is kept. A week
-- longer than the offer, so that whoever comes late is told so, and can still leave. SCH-10.

create or replace function app_private.target_of_waitlist_offer(organization_id uuid, waitlist_offer_id uuid)
returns app_private.link_target
language sql stable
set search_path = ''
begin atomic
  select row('/book/' || organizations.slug || '#offer=', waitlist_offers.expires_at + interval '7 days')::app_private.link_target
  from app_public.waitlist_offers
  join app_public.organizations on organizations.id = waitlist_offers.organization_id
  where waitlist_offers.organization_id = target_of_waitlist_offer.organization_id
    and waitlist_offers.id = target_of_waitlist_offer.waitlist_offer_id
    and waitlist_offers.outcome is null and waitlist_offers.expires_at > app_hidden.now();
end;

comment on function app_private.target_of_waitlist_offer is
  'The page that takes an offer and until when a link opens it; null when the offer is over.';
grant execute on function app_private.target_of_waitlist_offer to app_engine;

create or replace function app_private.offer_of_token(token text) returns app_public.waitlist_offers
language sql stable
set search_path = ''
begin atomic
  select waitlist_offers
  from app_public.waitlist_offers
  where waitlist_offers.id = app_private.opened_by_link('waitlist_offer', offer_of_token.token);
end;

comment on function app_private.offer_of_token is 'The offer that a token stands for, over or not; null where there is none.';
grant execute on function app_private.offer_of_token to app_engine;
