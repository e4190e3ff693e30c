-- The hold that a token stands for. One that is over blocks nobody, so that it stands aside changes nothing. SCH-05.

create or replace function app_private.own_claim_id(hold_token text) returns uuid
language sql stable
set search_path = ''
begin atomic
  select tc.id
  from app_private.time_claims as tc
  where (tc.token_hash = sha256(convert_to(own_claim_id.hold_token, 'UTF8'))
         or tc.first_token_hash = sha256(convert_to(own_claim_id.hold_token, 'UTF8')))
    and tc.kind = 'hold';
end;

comment on function app_private.own_claim_id is 'The claim of a hold, alive or over, by its token; null for any other.';

grant execute on function app_private.own_claim_id to app_engine;
