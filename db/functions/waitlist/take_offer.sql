-- Whoever was offered a time takes it: the hold becomes theirs, and they go on as with any hold. Until it is booked, the offer stands:
-- the link may be opened once more, on the telephone or after a broken line. SCH-10.

set role app_engine;

create or replace function app_public.take_offer(token text) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('take_offer', jsonb_build_array(token));
  v_hold app_public.slot_hold;
begin
  if v_remembered is not null then
    perform app_private.require_offer(app_private.offer_of_token(take_offer.token));
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_hold := app_private.take_offered(app_private.require_offer(app_private.offer_of_token(take_offer.token)));
  perform app_private.remember('take_offer', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.take_offer is
  E'@arg token What stands in the link of the message.\n'
  'Takes an offered time: a hold like that of holdSlot, which lasts at least as long as one. Giving it back by releaseHold declines the '
  'offer. NOT_FOUND offer_not_found, GONE offer_over.';
grant execute on function app_public.take_offer to app_anonymous, app_member;

create or replace function app_public.take_own_offer(waitlist_offer_id uuid) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('take_own_offer', jsonb_build_array(waitlist_offer_id));
  v_hold app_public.slot_hold;
begin
  if v_remembered is not null then
    perform app_private.own_offer(waitlist_offer_id);
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_hold := app_private.take_offered(app_private.own_offer(waitlist_offer_id));
  perform app_private.remember('take_own_offer', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.take_own_offer is
  E'@arg waitlistOfferId The offer, by its id.\n'
  'Takes an offered time without its link: the patient, whoever cares for them, or staff with appointments.manage who have them on the '
  'telephone. As takeOffer.';
grant execute on function app_public.take_own_offer to app_member;

reset role;

create or replace function app_private.require_offer(offer app_public.waitlist_offers) returns app_public.waitlist_offers
language plpgsql stable
set search_path = ''
as $$
begin
  if offer.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'offer_not_found');
  end if;
  return offer;
end;
$$;

comment on function app_private.require_offer is 'The offer; NOT_FOUND offer_not_found where there is none.';
grant execute on function app_private.require_offer to app_engine;

create or replace function app_private.own_offer(waitlist_offer_id uuid) returns app_public.waitlist_offers
language plpgsql stable
set search_path = ''
as $$
declare
  v_offer app_public.waitlist_offers;
begin
  select waitlist_offers.* into v_offer
  from app_public.waitlist_offers
  join app_public.waitlist_entries
    on waitlist_entries.organization_id = waitlist_offers.organization_id and waitlist_entries.id = waitlist_offers.waitlist_entry_id
  where waitlist_offers.id = own_offer.waitlist_offer_id
    and (waitlist_offers.organization_id = any (app_hidden.organization_ids_where('appointments.manage'))
         or (waitlist_entries.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and waitlist_entries.organization_id = any (app_hidden.current_patient_organization_ids())));
  return app_private.require_offer(v_offer);
end;
$$;

comment on function app_private.own_offer is
  'An offer to the caller, or of the clinic where they manage appointments; NOT_FOUND offer_not_found otherwise.';
grant execute on function app_private.own_offer to app_engine;

-- The hold before its days and its row, as whatever acts on a hold.
create or replace function app_private.take_offered(offer app_public.waitlist_offers) returns app_public.slot_hold
language plpgsql volatile
set search_path = ''
as $$
declare
  v_holder app_private.time_claims := app_private.caller_as_holder();
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_claim app_private.time_claims;
begin
  perform app_private.require_not_suspended(offer.organization_id);
  perform app_private.lock_hold(offer.claim_id);
  perform app_private.lock_claims(array[offer.claim_id]);
  update app_private.time_claims as tc
  set expires_at = greatest(tc.expires_at, app_hidden.now() + make_interval(mins => (
        select organizations.hold_minutes from app_public.organizations where organizations.id = tc.organization_id))),
      -- Of two answers that cross the one that arrives last is kept.
      first_token_hash = tc.token_hash,
      token_hash = sha256(convert_to(v_token, 'UTF8')),
      visitor_id = v_holder.visitor_id, address = v_holder.address, created_by = v_holder.created_by
  where tc.id = offer.claim_id and tc.kind = 'hold' and tc.released_at is null and tc.expires_at > app_hidden.now()
    -- Its last minute is not put off by opening the link again.
    and offer.expires_at > app_hidden.now()
  returning tc.* into v_claim;
  if not found then
    perform app_hidden.refuse('GONE', 'offer_over');
  end if;
  if v_claim.session_id is not null then
    perform app_private.settle_sessions(array[v_claim.session_id]);
  end if;
  return (v_token, v_claim.calendar_id, v_claim.specialist_id, lower(v_claim.during), upper(v_claim.during),
          v_claim.expires_at)::app_public.slot_hold;
end;
$$;

comment on function app_private.take_offered is 'Gives the hold of an offer to the caller, with a token of its own; GONE offer_over.';
grant execute on function app_private.take_offered to app_engine;
