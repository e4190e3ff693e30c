-- The holder shows the token; the claim is locked, so that booking, extending, releasing and expiry come one after
-- the other. Who guesses learns nothing: an unknown token is one answer, a dead one another. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql

create or replace function app_private.take_hold(token text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.token_hash = sha256(convert_to(take_hold.token, 'UTF8'))
  for update;

  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'hold_not_found', '{}', 'No time is kept under this token.');
  elsif v_claim.kind <> 'hold' or v_claim.released_at is not null or v_claim.expires_at <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'hold_expired', '{}', 'This time is no longer kept for you. Choose a time again.');
  end if;
  return v_claim;
end;
$$;

comment on function app_private.take_hold(text) is
  'The live hold of this token, locked. An unknown token is NOT_FOUND; expired, released or booked is GONE.';

grant execute on function app_private.take_hold(text) to app_engine;
