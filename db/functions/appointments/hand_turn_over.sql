-- A booking that goes to another specialist or calendar takes its turn along: the one who had it gets it back, unless the start
-- has come. The counters are locked in one order, since two bookings may change places. SCH-04, APT-02.

create or replace function app_private.hand_turn_over(old_claim app_private.time_claims, new_claim app_private.time_claims)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.lock_claims(array[(new_claim).id]);
  if (new_claim.calendar_id, new_claim.specialist_id) is not distinct from (old_claim.calendar_id, old_claim.specialist_id) then
    return;
  end if;
  perform from app_private.specialist_assignment_tracking as t
  where t.organization_id = new_claim.organization_id
    and (t.calendar_id, t.specialist_id) in (
      (old_claim.calendar_id, old_claim.specialist_id), (new_claim.calendar_id, new_claim.specialist_id))
  order by t.calendar_id, t.specialist_id
  for no key update;
  update app_private.specialist_assignment_tracking as t
  set assigned_count = greatest(0, t.assigned_count - 1)
  where t.organization_id = old_claim.organization_id
    and t.calendar_id = old_claim.calendar_id
    and t.specialist_id = old_claim.specialist_id
    and old_claim.counted_at is not null
    and lower(old_claim.during) > app_hidden.now();
  update app_private.time_claims as tc set counted_at = null where tc.id = new_claim.id;
  perform app_private.count_assignment(new_claim.id);
end;
$$;

comment on function app_private.hand_turn_over is
  'Moves the turn of a claim that was moved from the old specialist and calendar to the new; where both stay, nothing.';
grant execute on function app_private.hand_turn_over to app_engine;
