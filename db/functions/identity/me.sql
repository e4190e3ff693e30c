-- Who am I: the first thing a frontend asks. FND-03.
-- A whole row of humans asks for every column, and members may not read them all.

set role app_engine;

create or replace function app_public.me() returns app_public.humans
language sql stable security definer
set search_path = ''
begin atomic
  select humans from app_public.humans where humans.principal_id = app_hidden.current_account_id();
end;

comment on function app_public.me is 'The signed-in human. UNAUTHENTICATED for a visitor, as everything that asks for somebody known.';
grant execute on function app_public.me to app_member;

reset role;
