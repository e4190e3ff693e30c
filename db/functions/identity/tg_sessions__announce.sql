-- Tells the servers that a session or an account is over, by its id, so that open sockets close at once. FND-03.
-- Seldom enough for NOTIFY, which makes commits queue; the servers also ask every few seconds.

create or replace function app_private.tg_sessions__announce() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform pg_notify('sessions', json_build_object(
    'sessionId', to_jsonb(new) ->> 'session_id',
    'principalId', coalesce(to_jsonb(new) ->> 'principal_id', to_jsonb(new) ->> 'id'))::text);
  return null;
end;
$$;

comment on function app_private.tg_sessions__announce is 'Notifies the channel sessions with ids only.';

create or replace trigger _900_announce after insert on app_private.revoked_sessions
  for each row execute function app_private.tg_sessions__announce();

create or replace trigger _900_announce after update of disabled_at on app_public.principals
  for each row when (new.disabled_at is not null) execute function app_private.tg_sessions__announce();

create or replace trigger _900_announce after update of ended_at, banned_at on app_private.identities
  for each row when (new.ended_at is not null or new.banned_at is not null)
  execute function app_private.tg_sessions__announce();
