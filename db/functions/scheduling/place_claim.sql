-- Takes a specialist's time, for a hold and for a booking alike. SCH-04, SCH-06.
-- Nothing here checks for a free slot and then trusts it: the exclusion constraint decides, and "no row came back"
-- means taken, so the next specialist is tried. Locks come in one order everywhere (calendar, then specialist-days),
-- so nobody waits in a circle: 50 visitors on one slot end in one winner and 49 refusals. Where rooms are needed the
-- clinic's are locked between the two.

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
  v_needs boolean;
  v_claim app_private.time_claims;
begin
  perform app_private.require_named(calendar, place_claim.specialist_id);

  -- Asked before any lock, so that whoever comes too late is told at once. What changes from here on is only who is
  -- taken, and that the constraint decides.
  v_free := app_private.bookable(calendar.id, place_claim.starts_at, place_claim.specialist_id, override);

  v_free := app_private.by_turn(calendar.id, v_free);
  v_needs := app_private.needs_resources(calendar.organization_id, calendar.id);
  if v_needs then
    perform app_private.lock_clinic_resources(calendar.organization_id);
  end if;
  perform app_private.lock_specialist_days(v_free);
  foreach v_try in array v_free loop
    v_claim := app_private.occupy(calendar, v_try, draft, v_needs);
    if v_claim.id is not null then
      return v_claim;
    end if;
  end loop;

  perform app_private.refuse_taken(calendar.id, place_claim.starts_at);
end;
$$;

comment on function app_private.place_claim is
  'Claims a start for whose turn it is, or for the specialist named. draft brings kind, expiry and holder.';

grant execute on function app_private.place_claim to app_engine;
