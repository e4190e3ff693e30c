-- The one clock of the domain: the start of the transaction. Tests replace it to stand in another time.
-- Without settings of its own, so that the planner puts its body in place: a call that is none.

create or replace function app_hidden.now() returns timestamptz
language sql stable parallel safe
return pg_catalog.now();

comment on function app_hidden.now is 'The present, as every rule of the domain reads it.';

grant execute on function app_hidden.now to app_anonymous, app_member, app_link, app_worker, app_engine;
