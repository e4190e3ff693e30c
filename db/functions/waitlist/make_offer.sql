-- A time is kept for somebody who waits, as a hold that nobody has the token of yet, and they are told. The engine decides whether it
-- is free, seats, rooms and equipment included. A step of whoever has locked the waitlists of the clinic. SCH-10.

create or replace function app_private.make_offer(
  entry app_public.waitlist_entries,
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  expires_at timestamptz
) returns app_public.waitlist_offers
language plpgsql volatile
set search_path = ''
as $$
declare
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_offer app_public.waitlist_offers;
begin
  v_draft.kind := 'hold';
  v_draft.expires_at := make_offer.expires_at;
  v_draft.token_hash := sha256(extensions.gen_random_bytes(16));
  v_draft.visitor_id := 'waitlist:' || entry.id;
  v_claim := app_private.place_claim(calendar, make_offer.starts_at, make_offer.specialist_id, v_draft);
  perform app_private.publish_held(v_claim);

  insert into app_public.waitlist_offers (
    organization_id, waitlist_entry_id, claim_id, specialist_id, starts_at, ends_at, expires_at, created_by, created_at)
  values (
    entry.organization_id, entry.id, v_claim.id, v_claim.specialist_id, lower(v_claim.during), upper(v_claim.during),
    v_claim.expires_at, app_hidden.current_principal_id(), app_hidden.now())
  returning * into v_offer;
  update app_public.waitlist_entries set status = 'offered' where waitlist_entries.id = entry.id;
  perform app_private.publish('waitlist_entry.offered', entry.organization_id, entry.id, jsonb_build_object(
    'waitlistEntryId', entry.id, 'waitlistOfferId', v_offer.id));
  return v_offer;
end;
$$;

comment on function app_private.make_offer is
  'Keeps a time for an entry until the offer expires, and publishes it; SLOT_TAKEN or VALIDATION as for a hold.';
grant execute on function app_private.make_offer to app_engine;
