-- In which language somebody is answered: the door writes refusals in it. FND-29.

set role app_engine;

create or replace function app_hidden.language_of(principal_id uuid) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select humans.locale from app_public.humans where humans.principal_id = language_of.principal_id;
end;

comment on function app_hidden.language_of is 'The language that this person chose; null for who is no person yet.';
grant execute on function app_hidden.language_of to app_authenticator;

reset role;
