-- Whoever acts as somebody else may look and help, and never sign for them. CNS-04, FND-02.

create or replace function app_private.require_own_hand() returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if nullif(current_setting('app.impersonator_id', true), '') is not null then
    perform app_hidden.refuse('FORBIDDEN', 'impersonators_do_not_sign');
  end if;
end;
$$;

comment on function app_private.require_own_hand is 'FORBIDDEN impersonators_do_not_sign in a session that somebody else entered as this person.';
grant execute on function app_private.require_own_hand to app_engine;
