-- Files of a service: leaflets and pictures. FND-13.

create or replace function app_private.file_owner_service(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select services.organization_id, false, services.deleted_at is not null
  from app_public.services
  where services.id = file_owner_service.id;
end;

comment on function app_private.file_owner_service is 'A service as the owner of files; nobody''s own.';
grant execute on function app_private.file_owner_service to app_engine;
