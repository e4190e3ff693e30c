-- A hold that expired a moment ago is honoured while its time is free; whoever took it meanwhile keeps it. SCH-06.
-- A step of take_hold, which has locked the days.

create or replace function app_private.revive_hold(hold app_private.time_claims) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims := hold;
begin
  if hold.released_at is null then
    -- It still stands under the constraint, so nobody took it.
    return hold;
  end if;
  perform app_private.release_expired_holds(hold.specialist_id, hold.blocked);
  update app_private.time_claims as tc
  set released_at = null
  where tc.id = hold.id
  returning tc.* into v_claim;
  -- Whoever watches was told that it was free.
  perform app_private.publish_held(v_claim);
  return v_claim;
exception when exclusion_violation then
  perform app_private.refuse_taken(hold.calendar_id, lower(hold.during));
end;
$$;

comment on function app_private.revive_hold is
  'Takes the time of an expired hold again; SLOT_TAKEN when somebody else has it.';

grant execute on function app_private.revive_hold to app_engine;
