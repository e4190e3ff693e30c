-- A booking cancelled before its start gives the turn back. SCH-04.

create or replace function app_private.uncount_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set counted_at = null
  where tc.id = uncount_assignment.claim_id
    and tc.counted_at is not null
    and lower(tc.during) > app_hidden.now()
  returning * into v_claim;

  update app_private.specialist_assignment_tracking as t
  set assigned_count = greatest(0, t.assigned_count - 1)
  where t.organization_id = v_claim.organization_id
    and t.calendar_id = v_claim.calendar_id
    and t.specialist_id = v_claim.specialist_id;
end;
$$;

comment on function app_private.uncount_assignment is
  'Takes a counted claim back out of the round robin, unless its start has come.';

grant execute on function app_private.uncount_assignment to app_engine;
