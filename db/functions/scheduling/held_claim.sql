-- The hold of a token as it stands, before any of its days is locked: what a verb needs to know which days to lock. The
-- hold itself is locked, so nobody else moves it. SCH-06.

create or replace function app_private.held_claim(token text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_hash bytea := sha256(convert_to(held_claim.token, 'UTF8'));
  v_claim app_private.time_claims;
begin
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.token_hash = v_hash or tc.first_token_hash = v_hash;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'hold_not_found');
  end if;
  perform app_private.lock_hold(v_claim.id);
  select tc.* into strict v_claim from app_private.time_claims as tc where tc.id = v_claim.id;
  return v_claim;
end;
$$;

comment on function app_private.held_claim is
  'The claim of this token, the hold locked and its days not yet; NOT_FOUND for an unknown token. Whether it is alive is '
  'asked once the days are locked.';

grant execute on function app_private.held_claim to app_engine;
