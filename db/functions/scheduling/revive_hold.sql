-- A hold that expired a moment ago is honoured while its time is free; whoever took it meanwhile keeps it. SCH-06.
-- Whoever watches was shown that it was free, and is told that it no longer is. SCH-07.
-- A step of take_hold, which has locked the days and, where any are needed, the rooms. SCH-02, SCH-11.

create or replace function app_private.revive_hold(hold app_private.time_claims, needs_resources boolean) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_claim app_private.time_claims;
begin
  if hold.released_at is null and not needs_resources then
    -- It still stands under the constraint, so nobody took it; but it was listed as free.
    perform app_private.publish_held(hold);
    return hold;
  end if;
  select c.* into strict v_calendar from app_public.calendars as c where c.id = hold.calendar_id;
  perform app_private.leave(hold);
  v_claim := app_private.occupy(
    v_calendar, (hold.specialist_id, lower(hold.during), upper(hold.during), hold.blocked)::app_private.free_start, hold,
    needs_resources);
  if v_claim.id is null then
    perform app_private.refuse_taken(hold.calendar_id, lower(hold.during));
  end if;
  perform app_private.publish_held(v_claim);
  return v_claim;
end;
$$;

comment on function app_private.revive_hold is
  'Takes the time of an expired hold again; SLOT_TAKEN when somebody else has it.';

grant execute on function app_private.revive_hold to app_engine;
