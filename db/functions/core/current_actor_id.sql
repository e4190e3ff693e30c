-- To whom a write is attributed: the signed-in principal, or the service account of the process. FND-02.

set role app_engine;

create or replace function app_private.current_actor_id() returns uuid
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(
    app_hidden.current_principal_id(),
    (select service_accounts.principal_id
     from app_public.service_accounts
     where 'app_' || service_accounts.name = session_user));
end;

comment on function app_private.current_actor_id is 'The principal a write is attributed to; null for a visitor.';
grant execute on function app_private.current_actor_id to app_worker;

reset role;
