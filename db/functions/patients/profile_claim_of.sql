-- A claim as whoever made it may see it: nothing of whether somebody was found. FND-32.

create or replace function app_private.profile_claim_of(claim app_private.profile_claims) returns app_public.profile_claim
language sql stable
set search_path = ''
as $$
  select row(
    claim.id, claim.organization_id, claim.claimed_at is not null, codes.attempts_left, codes.expires_at)::app_public.profile_claim
  from app_private.codes
  where codes.organization_id = claim.organization_id and codes.id = claim.code_id
$$;

comment on function app_private.profile_claim_of is 'What the claimant is shown.';
grant execute on function app_private.profile_claim_of to app_engine;
