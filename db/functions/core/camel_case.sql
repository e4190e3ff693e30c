-- A name of the database as the API writes it: contact_phone is contactPhone. FND-29.

create or replace function app_private.camel_case(name text) returns text
language sql immutable strict parallel safe
set search_path = ''
return lower(left(name, 1)) || substr(replace(initcap(name), '_', ''), 2);

comment on function app_private.camel_case is 'The name of a column or of a thing as the API writes it.';
grant execute on function app_private.camel_case to app_engine;
