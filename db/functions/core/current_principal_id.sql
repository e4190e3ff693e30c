-- Who acts, as the server says it for this transaction. FND-02.

create or replace function app_hidden.current_principal_id() returns uuid
language sql stable parallel safe
set search_path = ''
return nullif(pg_catalog.current_setting('app.principal_id', true), '')::uuid;

comment on function app_hidden.current_principal_id is 'The signed-in principal; null for a visitor and for the worker.';

grant execute on function app_hidden.current_principal_id to app_anonymous, app_member, app_link, app_worker, app_engine;
