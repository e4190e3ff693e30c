-- What is hashed of a seal: the seal before it, its place, and the hash of its last entry. FND-09.

create or replace function audit.seal_bytes(
  previous bytea, scope_id uuid, sequence bigint, id uuid, occurred_at timestamptz, sealed_at timestamptz,
  entries int, entries_hash bytea
) returns bytea
language sql stable parallel safe
return pg_catalog.record_send(row(
  previous, scope_id, sequence, id, occurred_at, sealed_at, entries, entries_hash));

comment on function audit.seal_bytes is
  'The bytes whose SHA-256 is the hash of a seal; previous is the hash of the seal before it, 32 zero bytes for the first.';

grant execute on function audit.seal_bytes to app_engine;
