-- The row of a claim at its time, new or moved. Nothing here checks for a free slot and then trusts it: no row back means
-- that the time is taken. SCH-06. A step of occupy.

create or replace function app_private.write_claim(draft app_private.time_claims) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  -- The second attempt is for a time that only an expired hold blocked.
  for v_attempt in 1..2 loop
    if draft.id is null then
      insert into app_private.time_claims
        (organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at, token_hash, visitor_id, address,
         created_by, created_at, counted_at, session_id, seat, capacity)
      values
        (draft.organization_id, draft.specialist_id, draft.calendar_id, draft.kind, draft.during, draft.blocked,
         draft.expires_at, draft.token_hash, draft.visitor_id, draft.address, draft.created_by, app_hidden.now(),
         draft.counted_at, draft.session_id, draft.seat, draft.capacity)
      on conflict do nothing
      returning * into v_claim;
    else
      begin
        update app_private.time_claims as tc
        set calendar_id = draft.calendar_id, specialist_id = draft.specialist_id,
            during = draft.during, blocked = draft.blocked,
            session_id = draft.session_id, seat = draft.seat, released_at = null
        where tc.id = draft.id
        returning tc.* into v_claim;
      exception when exclusion_violation or unique_violation then
        v_claim := null;
      end;
    end if;
    exit when v_claim.id is not null
      or app_private.release_expired_holds(draft.specialist_id, draft.blocked) = 0;
  end loop;
  return v_claim;
end;
$$;

comment on function app_private.write_claim is 'Inserts a claim without id, or moves the one with it; null when its time is taken.';

grant execute on function app_private.write_claim to app_engine;
