-- Keeps the key of links, sealed before SQL heard of it. CNS-06, FND-11.

set role app_engine;

create or replace function app_hidden.keep_link_key(id uuid, secret bytea) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  insert into app_private.link_keys (id, secret) values (keep_link_key.id, keep_link_key.secret) on conflict do nothing;
end;

comment on function app_hidden.keep_link_key is 'Keeps a new key of links; of two at once the first one stays.';
grant execute on function app_hidden.keep_link_key to app_authenticator, app_worker;

reset role;
