-- The one clock of the domain: the start of the transaction. Tests replace it to stand in another time.

create or replace function app_hidden.now() returns timestamptz
language sql stable parallel safe
set search_path = ''
return pg_catalog.now();

comment on function app_hidden.now() is 'The present, as every rule of the domain reads it.';

grant execute on function app_hidden.now() to app_anonymous, app_member, app_link, app_worker, app_engine;
