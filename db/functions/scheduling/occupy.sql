-- A claim takes a free start: a new one, or one that goes there from another time. The exclusion constraint decides, and no
-- row means that somebody has it. In a calendar of groups it takes a seat of the session, which it opens if there is none.
-- Rooms and equipment are taken with it. SCH-02, SCH-06, SCH-11.
-- A step of verbs that have locked the days of the start, and the clinic's rooms where the calendar needs any. A claim that
-- goes from another time has left that.

create or replace function app_private.occupy(
  calendar app_public.calendars,
  free app_private.free_start,
  draft app_private.time_claims,
  needs_resources boolean
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_draft app_private.time_claims := draft;
  v_session app_private.time_claims;
  v_seats_of uuid;
  v_resource_ids uuid[];
  v_claim app_private.time_claims;
begin
  v_draft.organization_id := calendar.organization_id;
  v_draft.specialist_id := free.specialist_id;
  v_draft.calendar_id := calendar.id;
  v_draft.during := tstzrange(free.starts_at, free.ends_at);
  v_draft.blocked := free.blocked;
  v_draft.session_id := null;
  v_draft.seat := null;

  if calendar.capacity > 1 then
    perform app_private.release_expired_holds(free.specialist_id, free.blocked);
    select tc.* into v_session
    from app_private.time_claims as tc
    where tc.id = app_private.session_at(calendar.id, free);
  end if;
  if needs_resources and v_session.id is null then
    v_resource_ids := app_private.free_resources(calendar.organization_id, calendar.id, free.blocked);
    if v_resource_ids is null then
      return null;
    end if;
  end if;

  if calendar.capacity > 1 and v_session.id is null then
    v_session := v_draft;
    v_session.id := null;
    v_session.kind := 'session';
    v_session.token_hash := null;
    v_session.visitor_id := null;
    v_session.address := null;
    v_session.counted_at := null;
    v_session.capacity := calendar.capacity;
    v_session := app_private.write_claim(v_session);
    if v_session.id is null then
      return null;
    end if;
    perform app_private.take_resources(v_session, v_resource_ids);
  end if;
  if v_session.id is not null then
    v_draft.session_id := v_session.id;
    v_draft.blocked := v_session.blocked;
    v_draft.seat := (
      select min(n)
      from generate_series(1, v_session.capacity) as n
      where not exists (
        select from app_private.time_claims as seat
        where seat.organization_id = v_session.organization_id and seat.session_id = v_session.id
          and seat.seat = n and seat.released_at is null));
    if v_draft.seat is null then
      return null;
    end if;
  end if;

  v_claim := app_private.write_claim(v_draft);
  if v_claim.id is null then
    return null;
  end if;
  if v_session.id is not null then
    perform app_private.settle_sessions(array[v_session.id]);
  else
    perform app_private.take_resources(v_claim, v_resource_ids);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.occupy is
  'The claim at its new time, with seat, rooms and equipment; null when somebody has the time or the last seat or room.';

grant execute on function app_private.occupy to app_engine;
