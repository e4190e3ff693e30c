-- Whoever writes about an account, or counts what it asked for, does so one after the other. FND-16, FND-35.

create or replace function app_private.lock_account() returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid;
begin
  select humans.principal_id into v_id
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id()
  for no key update;
  if not found then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_signed_in');
  end if;
  return v_id;
end;
$$;

comment on function app_private.lock_account is
  'The caller''s account, locked for whoever writes about it or counts what it asked for; UNAUTHENTICATED otherwise.';
grant execute on function app_private.lock_account to app_engine;
