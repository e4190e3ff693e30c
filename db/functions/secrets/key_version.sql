-- Which data key opens an envelope: it stands in the header, so readers need not try. FND-11.

create or replace function app_private.key_version(envelope app_private.ciphertext) returns int
language sql immutable strict parallel safe
set search_path = ''
return (get_byte(envelope, 4) << 24) + (get_byte(envelope, 5) << 16) + (get_byte(envelope, 6) << 8) + get_byte(envelope, 7);

comment on function app_private.key_version is 'The version of the data key that sealed this envelope.';
grant execute on function app_private.key_version to app_engine;
