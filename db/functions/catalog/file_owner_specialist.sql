-- Files of a specialist: the signature. FND-13.

create or replace function app_private.file_owner_specialist(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select specialists.organization_id,
         specialists.id = any (app_hidden.current_specialist_ids()),
         specialists.deleted_at is not null
  from app_public.specialists
  where specialists.id = file_owner_specialist.id;
end;

comment on function app_private.file_owner_specialist is 'A specialist as the owner of files; the specialist''s own.';
grant execute on function app_private.file_owner_specialist to app_engine;
