-- Where the bytes are: what was checked under the surface's folder, what was only uploaded under uploads/. Nobody is
-- ever given a URL to write to the first. Never from the file's name. FND-13.

set role app_engine;

create or replace function app_private.file_object_key(file app_public.files, is_checked boolean) returns text
language sql stable
set search_path = ''
begin atomic
  select concat_ws('/', file.organization_id, case when is_checked then file_surfaces.prefix else 'uploads' end, file.id)
  from app_private.file_surfaces
  where file_surfaces.key = file.surface;
end;

comment on function app_private.file_object_key(app_public.files, boolean) is
  'Key of a file''s object: <organization>/<prefix of the surface>/<file>, or <organization>/uploads/<file> before the check.';

reset role;
