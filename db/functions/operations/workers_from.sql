-- Which workers go on working: a migration that drops or changes what they call raises the number to its own. An API calls what it reads from
-- the catalog, a worker what its version knows. FND-28, docs/decisions/0204.

create or replace function app_hidden.workers_from() returns int
language sql immutable
set search_path = ''
return 48;

comment on function app_hidden.workers_from is
  'The number of the migration that last changed what a worker calls: one of an older version would fail its jobs, and does not start.';
grant execute on function app_hidden.workers_from to app_worker, app_authenticator;
