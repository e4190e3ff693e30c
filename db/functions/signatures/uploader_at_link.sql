-- In whose name the holder of a link or kiosk uploads files of its form: they have no account. CNS-05, CNS-06, FND-13.

set role app_engine;

create or replace function app_hidden.uploader_at_link() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.identified_link();
  return (select service_accounts.principal_id from app_public.service_accounts where service_accounts.name = 'links');
end;
$$;

comment on function app_hidden.uploader_at_link is
  'The account by which files come in at an open link or kiosk whose person is known; GONE, NOT_FOUND or UNAUTHENTICATED otherwise.';
grant execute on function app_hidden.uploader_at_link to app_link;

reset role;
