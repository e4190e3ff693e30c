-- What is hashed of an entry: ids, names of tables and columns, and the digest of everything that may be personal.
-- FND-09.
-- The wire format of a row (PostgreSQL's documented binary values: a count, then type, length and bytes of each) leaves
-- no doubt where a value ends, knows null, and depends on no setting. 1.2 µs a row; JSON takes 4.6.

create or replace function audit.entry_bytes(
  previous bytea, seal_id uuid, "position" int, id uuid, organization_id uuid, occurred_at timestamptz,
  actor_id uuid, impersonator_id uuid, session_role text, request_id text,
  action text, table_name text, row_key text, person_id uuid, changed text[], digest bytea
) returns bytea
language sql stable parallel safe
return pg_catalog.record_send(row(
  previous, seal_id, "position", id, organization_id, occurred_at, actor_id, impersonator_id, session_role, request_id,
  action, table_name, row_key, person_id, changed, digest));

comment on function audit.entry_bytes is
  'The bytes whose SHA-256 is the hash of an entry; previous is the hash of the entry before it in the seal, null for the first.';

grant execute on function audit.entry_bytes to app_engine;
