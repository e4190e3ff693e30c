-- Everything that is kept of an idempotency key is derived from it, one way: who holds the key can ask for the same
-- again and read the answer, and who holds the table cannot. FND-26.

create or replace function app_private.under_idempotency_key(purpose text, operation text, content text default '')
returns bytea
language sql stable
set search_path = ''
return extensions.hmac(
  concat_ws(
    e'\n',
    under_idempotency_key.purpose,
    under_idempotency_key.operation,
    -- Somebody else's key is another key. A visitor is who they say they are, and else where they come from; whoever
    -- has one IPv6 address has the 2^64 of its network.
    coalesce(
      'principal:' || app_hidden.current_principal_id(),
      'visitor:' || nullif(current_setting('app.visitor_id', true), ''),
      'address:' || (
        select case family(caller.address) when 6 then network(set_masklen(caller.address, 64)) else caller.address end
        from (select nullif(current_setting('app.ip', true), '')::inet) as caller (address)),
      'unknown'),
    under_idempotency_key.content),
  nullif(current_setting('app.idempotency_key', true), ''),
  'sha256');

comment on function app_private.under_idempotency_key is
  'A digest of caller, operation and content under the request''s idempotency key; null when the request has none.';

grant execute on function app_private.under_idempotency_key to app_engine;
