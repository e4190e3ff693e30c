-- Takes a specialist's time, for a hold and for a booking alike. SCH-04, SCH-06.
-- Nothing here checks for a free slot and then trusts it: the exclusion constraint decides, and "no row came back"
-- means taken, so the next specialist is tried. Locks come in one order everywhere (calendar, then specialist-days),
-- so nobody waits in a circle: 50 visitors on one slot end in one winner and 49 refusals.

create or replace function app_private.place_claim(
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  draft app_private.time_claims,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_free app_private.free_start[];
  v_try app_private.free_start;
  v_claim app_private.time_claims;
begin
  perform app_private.require_named(calendar, place_claim.specialist_id);

  -- Asked before any lock, so that whoever comes too late is told at once. What changes from here on is only who is
  -- taken, and that the constraint decides.
  v_free := app_private.bookable(calendar.id, place_claim.starts_at, place_claim.specialist_id, override);

  v_free := app_private.by_turn(calendar.id, v_free);
  perform app_private.lock_specialist_days(v_free);
  foreach v_try in array v_free loop
    -- The second attempt is for a time that only an expired hold blocked.
    for v_attempt in 1..2 loop
      insert into app_private.time_claims
        (organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at,
         token_hash, visitor_id, address, created_by, created_at)
      values
        (calendar.organization_id, v_try.specialist_id, calendar.id, draft.kind,
         tstzrange(v_try.starts_at, v_try.ends_at), v_try.blocked, draft.expires_at,
         draft.token_hash, draft.visitor_id, draft.address, draft.created_by, app_hidden.now())
      on conflict on constraint time_claims_no_two_at_once do nothing
      returning * into v_claim;
      if found then
        return v_claim;
      end if;
      exit when app_private.release_expired_holds(v_try.specialist_id, v_try.blocked) = 0;
    end loop;
  end loop;

  perform app_private.refuse_taken(calendar.id, place_claim.starts_at);
end;
$$;

comment on function app_private.place_claim is
  'Claims a start for whose turn it is, or for the specialist named. draft brings kind, expiry and holder.';

grant execute on function app_private.place_claim to app_engine;
