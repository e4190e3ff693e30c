-- The key of links, as it is sealed; made by whoever needs it first. CNS-06, FND-11.

set role app_engine;

create or replace function app_hidden.link_key() returns table (id uuid, secret bytea)
language sql stable security definer rows 1
set search_path = ''
begin atomic
  select link_keys.id, link_keys.secret::bytea from app_private.link_keys;
end;

comment on function app_hidden.link_key is 'The sealed key that signs tokens of links; no row before the first was made.';
grant execute on function app_hidden.link_key to app_authenticator, app_worker;

reset role;
