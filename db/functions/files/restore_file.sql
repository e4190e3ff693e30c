-- A deleted file comes back while its bytes are still there, by whoever may delete it. A day is left to the worker that
-- removes them, so that nothing comes back empty. FND-10, FND-13.

set role app_engine;

create or replace function app_public.restore_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.deleted_at > app_hidden.now() - interval '29 days' and files.objects_removed_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_surface.manage_permission);

  if (app_private.file_owner(v_file.owner_kind, v_file.owner_id)).is_deleted then
    perform app_hidden.refuse(
      'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', v_file.owner_kind));
  end if;

  -- The lock of uploads to the same owner: two at once count each other.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || v_file.owner_id, 0));
  if (
    select count(*) from app_public.files
    where files.organization_id = v_file.organization_id
      and files.surface = v_file.surface
      and files.status in ('pending', 'confirmed')
      and files.owner_id = v_file.owner_id
  ) >= v_surface.max_files then
    perform app_hidden.refuse('CONFLICT', 'too_many_files', jsonb_build_object('most', v_surface.max_files));
  end if;

  update app_public.files set status = 'confirmed', deleted_at = null
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.restore_file is
  'Brings a deleted file back, up to 29 days later. Needs the permission by which staff upload such files; CONFLICT '
  'too_many_files where others took its place, belongs_to_something_deleted while its owner is deleted itself.';
grant execute on function app_public.restore_file to app_member;

create or replace function app_public.deleted_files(organization_id uuid default null) returns setof app_public.deleted_row
language sql stable security definer
set search_path = ''
begin atomic
  select 'files', files.id, files.organization_id, files.filename, files.deleted_at
  from app_private.file_surfaces
  join app_public.files
    on files.surface = file_surfaces.key
   and files.organization_id = any (app_hidden.organization_ids_where(file_surfaces.manage_permission))
  where files.deleted_at > app_hidden.now() - interval '29 days'
    and files.objects_removed_at is null
    and (deleted_files.organization_id is null or files.organization_id = deleted_files.organization_id)
  order by files.deleted_at desc, files.id;
end;

comment on function app_public.deleted_files is
  'Files that were deleted and that the caller may bring back with restoreFile, newest first.';
grant execute on function app_public.deleted_files to app_member;

reset role;
