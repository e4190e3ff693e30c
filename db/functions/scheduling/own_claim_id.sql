-- The claim that a holder's token stands for while it is alive; a token that is over, or nobody's, changes nothing. SCH-05.
-- requires: functions/core/now.sql

create or replace function app_private.own_claim_id(hold_token text) returns uuid
language sql stable
set search_path = ''
begin atomic
  select tc.id
  from app_private.time_claims as tc
  where (tc.token_hash = sha256(convert_to(own_claim_id.hold_token, 'UTF8'))
         or tc.first_token_hash = sha256(convert_to(own_claim_id.hold_token, 'UTF8')))
    and tc.kind = 'hold' and tc.released_at is null and tc.expires_at > app_hidden.now();
end;

comment on function app_private.own_claim_id(text) is 'The claim of a live hold, by its token; null for any other.';

grant execute on function app_private.own_claim_id(text) to app_engine;
