-- How far the database is migrated, so that a server can say whether it is ready. FND-28.

grant usage on schema graphile_migrate to app_engine;
grant select on graphile_migrate.migrations to app_engine;

set role app_engine;

create or replace function app_hidden.migrated_to() returns text
language sql stable security definer
set search_path = ''
begin atomic
  select max(migrations.filename) from graphile_migrate.migrations;
end;

comment on function app_hidden.migrated_to is 'The newest committed migration that ran here, by file name; null when none did.';
grant execute on function app_hidden.migrated_to to app_authenticator, app_worker;

reset role;
