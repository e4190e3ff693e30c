-- Whether whoever is at a link or kiosk may sign, before anything costly is done for them. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.require_identified() returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.identified_link();
end;
$$;

comment on function app_hidden.require_identified is 'Passes at an open link or kiosk whose person is known; GONE, NOT_FOUND or UNAUTHENTICATED otherwise.';
grant execute on function app_hidden.require_identified to app_link;

reset role;
