-- What an entry says beyond ids, as a digest that says nothing without the entry's own key. FND-08, FND-09.

create or replace function audit.entry_digest(old jsonb, new jsonb, ip text, user_agent text, key bytea) returns bytea
language sql stable parallel safe
return extensions.hmac(pg_catalog.record_send(row(old, new, ip, user_agent)), key, 'sha256');

comment on function audit.entry_digest is
  'HMAC-SHA256 over the wire format of the row. With the key gone, nobody can try values against it.';

grant execute on function audit.entry_digest to app_engine;
