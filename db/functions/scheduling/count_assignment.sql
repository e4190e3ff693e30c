-- The round robin moves when a booking is made, not when a time is held: who only looks costs nobody a turn. SCH-04.
-- A newcomer starts at the minimum of their tier, or every booking would be theirs until they caught up.
-- requires: functions/core/now.sql

create or replace function app_private.count_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  update app_private.time_claims as tc
  set counted_at = app_hidden.now()
  where tc.id = count_assignment.claim_id and tc.counted_at is null
  returning * into v_claim;
  if not found then
    return;
  end if;

  insert into app_private.specialist_assignment_tracking as tracking
    (organization_id, calendar_id, specialist_id, assigned_count, last_assigned_at)
  select cs.organization_id, cs.calendar_id, cs.specialist_id,
    1 + coalesce((
      select min(t.assigned_count)
      from app_private.specialist_assignment_tracking as t
      join app_public.calendar_specialists as peer
        on peer.organization_id = t.organization_id and peer.calendar_id = t.calendar_id
       and peer.specialist_id = t.specialist_id
      join app_public.specialists as sp
        on sp.organization_id = t.organization_id and sp.id = t.specialist_id
       and sp.scheduling_active and sp.deleted_at is null
      where t.organization_id = cs.organization_id and t.calendar_id = cs.calendar_id
        and t.specialist_id <> cs.specialist_id
        and (c.assignment_strategy <> 'priority' or peer.priority = cs.priority)), 0),
    app_hidden.now()
  from app_public.calendar_specialists as cs
  join app_public.calendars as c on c.organization_id = cs.organization_id and c.id = cs.calendar_id
  where cs.organization_id = v_claim.organization_id
    and cs.calendar_id = v_claim.calendar_id
    and cs.specialist_id = v_claim.specialist_id
  on conflict on constraint specialist_assignment_tracking_pkey do update
    set assigned_count = tracking.assigned_count + 1,
        last_assigned_at = greatest(tracking.last_assigned_at, excluded.last_assigned_at);
end;
$$;

comment on function app_private.count_assignment(uuid) is
  'Counts a claim in its calendar''s round robin, once however often it is called.';

grant execute on function app_private.count_assignment(uuid) to app_engine;
