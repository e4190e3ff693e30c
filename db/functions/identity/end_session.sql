-- A session is over before its token is: signed out, revoked, ended. FND-03, FND-25.
-- It may be told before the session was ever seen here, and more than once.

set role app_engine;

create or replace function app_hidden.end_session(session_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  insert into app_private.revoked_sessions (session_id, revoked_at)
  values (end_session.session_id, app_hidden.now())
  on conflict on constraint revoked_sessions_pkey do nothing;
  return case when found then 'applied' else 'unchanged' end;
end;
$$;

comment on function app_hidden.end_session is 'Ends a session at once; its token opens nothing any more.';
grant execute on function app_hidden.end_session to app_authenticator, app_worker;

reset role;
