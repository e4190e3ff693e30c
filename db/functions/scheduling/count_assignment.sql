-- The round robin moves when a booking is made, not when a time is held: who only looks costs nobody a turn. SCH-04.

create or replace function app_private.count_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set counted_at = app_hidden.now()
  where tc.id = count_assignment.claim_id and tc.counted_at is null
  returning * into v_claim;

  if found then
    perform app_private.count_turn(v_claim);
  end if;
end;
$$;

comment on function app_private.count_assignment is
  'Counts a claim in its calendar''s round robin, once however often it is called.';

grant execute on function app_private.count_assignment to app_engine;

create or replace function app_private.count_turn(claim app_private.time_claims) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_private.specialist_assignment_tracking as t
  set assigned_count = t.assigned_count + 1,
      last_assigned_at = greatest(t.last_assigned_at, app_hidden.now())
  where t.organization_id = (count_turn.claim).organization_id
    and t.calendar_id = (count_turn.claim).calendar_id
    and t.specialist_id = (count_turn.claim).specialist_id;
end;

comment on function app_private.count_turn is
  'One turn more for the specialist of a claim that becomes counted in this transaction. A step of count_assignment and claim_in.';

grant execute on function app_private.count_turn to app_engine;
