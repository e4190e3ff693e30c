-- What is said to be a digest has the length of one: a token stored as it is would not fit. FND-12.

alter table app_private.time_claims drop constraint if exists time_claims_token_hash_is_a_digest;
alter table app_private.time_claims
  -- squawk-ignore constraint-missing-not-valid
  add constraint time_claims_token_hash_is_a_digest check (octet_length(token_hash) = 32);

alter table app_public.booking_requests drop constraint if exists booking_requests_token_hash_is_a_digest;
alter table app_public.booking_requests
  -- squawk-ignore constraint-missing-not-valid
  add constraint booking_requests_token_hash_is_a_digest check (octet_length(token_hash) = 32);
