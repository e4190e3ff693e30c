-- The server has looked at every byte: the file counts. Only the login role of the API may say so, in the uploader's
-- name; whoever speaks GraphQL cannot reach this. Twice is once. FND-13.

set role app_engine;

create or replace function app_hidden.attach_upload(file_id uuid, size_bytes bigint default null, sha256 text default null)
returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  if v_file.status = 'confirmed' then
    return;
  end if;

  -- One at a time for the same owner, or two newest would stay.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || v_file.owner_id, 0));
  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  from app_private.file_surfaces
  where file_surfaces.key = v_file.surface and file_surfaces.max_files = 1
    and files.organization_id = v_file.organization_id
    and files.surface = v_file.surface
    and files.status = 'confirmed'
    and files.owner_id = v_file.owner_id;

  update app_public.files set status = 'confirmed', confirmed_at = app_hidden.now(), expires_at = null,
    size_bytes = coalesce(attach_upload.size_bytes, files.size_bytes), sha256 = coalesce(attach_upload.sha256, files.sha256)
  where files.id = v_file.id;
end;
$$;

comment on function app_hidden.attach_upload is
  'Confirms the caller''s upload after its bytes were checked; where the newest replaces, the former file is deleted. '
  'Of a picture that was written anew, with its size and digest.';
grant execute on function app_hidden.attach_upload to app_authenticator;

reset role;
