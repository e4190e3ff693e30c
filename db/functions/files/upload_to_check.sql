-- What the check of an upload has to know. FND-13.

set role app_engine;

create or replace function app_hidden.upload_to_check(file_id uuid)
returns table (status text, organization_id uuid, uploaded_key text, object_key text, content_type text, size_bytes int, sha256 text, written_anew boolean)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  return query select
    v_file.status, v_file.organization_id,
    v_file.uploaded_key, v_file.object_key,
    v_file.content_type, v_file.size_bytes::int, v_file.sha256,
    (select file_surfaces.written_anew from app_private.file_surfaces where file_surfaces.key = v_file.surface);
end;
$$;

comment on function app_hidden.upload_to_check is
  'Where the bytes of the caller''s upload are, where they go once checked, and what they must be; whether a picture is written anew.';
grant execute on function app_hidden.upload_to_check to app_member, app_link;

reset role;
