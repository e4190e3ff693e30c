-- Whoever takes a profile over, or signs up at a clinic, has an account whose address is proved: the identity provider saw
-- that they read what goes there. FND-07, FND-32.

create or replace function app_private.require_proved_address() returns app_public.humans
language plpgsql stable
set search_path = ''
as $$
declare
  v_human app_public.humans;
begin
  select humans.* into v_human
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id() and humans.email_verified_at is not null;
  if not found then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified');
  end if;
  return v_human;
end;
$$;

comment on function app_private.require_proved_address is 'The caller''s account; FORBIDDEN email_not_verified.';
grant execute on function app_private.require_proved_address to app_engine;
