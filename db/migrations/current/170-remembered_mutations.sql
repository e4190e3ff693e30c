-- What a mutation answered to an idempotency key, for a day. FND-26.

-- squawk-ignore ban-drop-table
drop table if exists app_private.remembered_mutations;

create table app_private.remembered_mutations (
  request_digest bytea primary key,
  operation text not null,
  arguments_digest bytea not null,
  response bytea,
  created_at timestamptz not null,
  constraint remembered_mutations_request_digest_is_sha256 check (length(request_digest) = 32),
  constraint remembered_mutations_arguments_digest_is_sha256 check (length(arguments_digest) = 32),
  -- As pgp_sym_encrypt() begins; JSON as it is does not.
  constraint remembered_mutations_response_is_encrypted check (octet_length(response) >= 36 and get_byte(response, 0) = 195)
);
create index remembered_mutations_created_at_idx on app_private.remembered_mutations (created_at);
comment on table app_private.remembered_mutations is
  'First answers to idempotency keys. Who sent which key is a digest, and the answer is encrypted under the key itself: '
  'only whoever repeats the request can read it.';
comment on column app_private.remembered_mutations.response is
  'The result as JSON, encrypted; null only inside the transaction that is still making it.';
