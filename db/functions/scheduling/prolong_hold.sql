-- A hold lasts longer: the clinic's hold time from now, and at most twice of it from its making. SCH-06.
-- A step of verbs that have locked the hold. Whoever asked for it again gets a token of its own; the first one stays good,
-- because of two answers that cross the one that arrives last is kept.

create or replace function app_private.prolong_hold(hold app_private.time_claims, token_hash bytea default null)
returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_minutes int;
  v_claim app_private.time_claims;
begin
  select o.hold_minutes into strict v_minutes
  from app_public.organizations as o
  where o.id = hold.organization_id;

  perform app_private.lock_claims(array[hold.id]);
  update app_private.time_claims as tc
  set expires_at = greatest(
        tc.expires_at,
        least(app_hidden.now() + make_interval(mins => v_minutes),
              tc.created_at + make_interval(mins => 2 * v_minutes))),
      first_token_hash = coalesce(tc.first_token_hash, tc.token_hash),
      token_hash = coalesce(prolong_hold.token_hash, tc.token_hash)
  where tc.id = hold.id
  returning tc.* into v_claim;
  if v_claim.session_id is not null then
    perform app_private.settle_sessions(array[v_claim.session_id]);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.prolong_hold is
  'Moves the expiry of a live hold within its bound; with token_hash it also answers to that token.';

grant execute on function app_private.prolong_hold to app_engine;
