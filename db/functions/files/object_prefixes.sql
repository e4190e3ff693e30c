-- The folders of a clinic that the sweep may look into. FND-13.

set role app_engine;

create or replace function app_private.object_prefixes(organization_id uuid) returns setof text
language sql stable strict security definer
set search_path = ''
begin atomic
  select concat_ws('/', object_prefixes.organization_id, folder.name, '')
  from (select 'uploads' union all select file_surfaces.prefix from app_private.file_surfaces) as folder (name)
  order by folder.name;
end;

comment on function app_private.object_prefixes is
  'Where a clinic''s files are in the object store. What else lies there is not the files'' business.';
grant execute on function app_private.object_prefixes to app_worker;

reset role;
