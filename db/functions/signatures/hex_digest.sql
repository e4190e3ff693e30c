-- SHA-256 of a text in UTF-8, as people compare it: 64 characters. CNS-07.

create or replace function app_private.hex_digest(content text) returns text
language sql immutable strict parallel safe
set search_path = ''
return encode(sha256(convert_to(hex_digest.content, 'UTF8')), 'hex');

comment on function app_private.hex_digest is 'The SHA-256 of a text in UTF-8, in hex.';
grant execute on function app_private.hex_digest to app_engine;
