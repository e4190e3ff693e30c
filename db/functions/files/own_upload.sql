-- The uploader's business only, and only while they may still upload there. What was decided before is said again.
-- FND-13.

create or replace function app_private.own_upload(file_id uuid) returns app_public.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.uploaded_by = app_hidden.current_principal_id() and files.status <> 'deleted'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'file_not_found');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_upload_right(v_surface, v_file.owner_id);

  if v_file.rejection = 'expired' or (v_file.status = 'pending' and v_file.expires_at <= app_hidden.now()) then
    perform app_hidden.refuse('GONE', 'upload_expired');
  end if;
  if v_file.status = 'rejected' then
    perform app_hidden.refuse('VALIDATION', 'file_rejected', jsonb_build_object('rejection', v_file.rejection));
  end if;
  return v_file;
end;
$$;

comment on function app_private.own_upload is
  'Locks the caller''s upload, pending or confirmed; NOT_FOUND, GONE upload_expired, or VALIDATION file_rejected with the reason.';
grant execute on function app_private.own_upload to app_engine;
