-- Who acts, as the server says it for this transaction. FND-02.
-- Without settings of its own, so that the planner puts its body in place: a call that is none.

create or replace function app_hidden.current_principal_id() returns uuid
language sql stable parallel safe
return nullif(pg_catalog.current_setting('app.principal_id', true), '')::uuid;

comment on function app_hidden.current_principal_id is 'The signed-in principal; null for a visitor and for the worker.';

grant execute on function app_hidden.current_principal_id to app_anonymous, app_member, app_link, app_worker, app_engine;
