-- A hold, a request or an appointment goes to another time, specialist or calendar: the new time is taken and the old one
-- is free in one step, or nothing changes. It stays the same claim, so nobody can slip in between. SCH-06, APT-02.
-- The claim is locked first, so that its days are read once; then who could be chosen, as every booking does; then old and
-- new days at once and in the one order. A claim that was let go, of a cancelled appointment, takes a time again.
-- The caller has the calendar from visible_calendar, has checked require_choice and permission, and keeps the reason of an
-- override. Turns are the caller's to count.

create or replace function app_private.move_claim(
  claim_id uuid,
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid default null,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_old app_private.time_claims;
  v_claim app_private.time_claims;
  v_free app_private.free_start[];
  v_try app_private.free_start;
begin
  perform app_private.require_named(calendar, move_claim.specialist_id);
  perform app_private.lock_hold(move_claim.claim_id);
  select tc.* into strict v_old from app_private.time_claims as tc where tc.id = move_claim.claim_id;
  if v_old.kind <> 'hold' then
    perform app_private.lock_to_book(calendar, move_claim.specialist_id);
  end if;

  v_free := app_private.by_turn(calendar.id, app_private.bookable(
    calendar.id, move_claim.starts_at, move_claim.specialist_id, override, own_claim_id => v_old.id));
  perform app_private.lock_specialist_days(
    v_free || (v_old.specialist_id, lower(v_old.during), upper(v_old.during), v_old.blocked)::app_private.free_start);
  select tc.* into strict v_old from app_private.time_claims as tc where tc.id = v_old.id for update;
  if v_old.kind = 'hold' and (v_old.released_at is not null or v_old.expires_at <= app_hidden.now()) then
    perform app_hidden.refuse('GONE', 'hold_expired');
  end if;

  foreach v_try in array v_free loop
    perform app_private.release_expired_holds(v_try.specialist_id, v_try.blocked);
    begin
      update app_private.time_claims as tc
      set calendar_id = calendar.id,
          specialist_id = v_try.specialist_id,
          during = tstzrange(v_try.starts_at, v_try.ends_at),
          blocked = v_try.blocked,
          released_at = null
      where tc.id = v_old.id
      returning tc.* into v_claim;
      exit;
    exception when exclusion_violation then
      -- Somebody was faster here; the next one in turn may be free.
      v_claim := null;
    end;
  end loop;
  if v_claim.id is null then
    perform app_private.refuse_taken(calendar.id, move_claim.starts_at);
  end if;

  if v_old.released_at is not null then
    perform app_private.publish_held(v_claim);
  elsif (v_claim.calendar_id, v_claim.specialist_id, v_claim.during)
    is distinct from (v_old.calendar_id, v_old.specialist_id, v_old.during) then
    perform app_private.publish_released(v_old);
    perform app_private.publish_held(v_claim);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.move_claim is
  'Moves a claim to another start, specialist or calendar, whatever its kind: the old time is free only when the new one is '
  'taken. SLOT_TAKEN, VALIDATION naming the rule, GONE for a hold that is over.';

grant execute on function app_private.move_claim to app_engine;
