-- The address by which somebody is looked for, however it was written: as read_email keeps it. FND-03, FND-34.

create or replace function app_hidden.address_key(email text) returns text
language sql immutable parallel safe
set search_path = ''
return coalesce((app_hidden.read_email(address_key.email)).address, app_hidden.ascii_lower(btrim(address_key.email)));

comment on function app_hidden.address_key is
  'An address as it is kept. What is no address is only folded: it finds nobody, and no table takes it.';
grant execute on function app_hidden.address_key to app_engine;
