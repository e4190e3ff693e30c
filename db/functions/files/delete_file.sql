-- Takes a file away from everybody's eyes at once; its bytes follow after thirty days, in which restore_file brings it
-- back. FND-13, FND-10.

set role app_engine;

create or replace function app_public.delete_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_permission text;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.status = 'confirmed'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select file_surfaces.manage_permission into strict v_permission
  from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_permission);

  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.delete_file is 'Removes a file. Needs the permission by which staff upload such files.';
grant execute on function app_public.delete_file to app_member;

reset role;
