-- Files of a clinic: its logo. FND-13.

create or replace function app_private.file_owner_organization(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select organizations.id, false, organizations.deleted_at is not null
  from app_public.organizations
  where organizations.id = file_owner_organization.id;
end;

comment on function app_private.file_owner_organization is 'A clinic as the owner of files; nobody''s own.';
grant execute on function app_private.file_owner_organization to app_engine;
