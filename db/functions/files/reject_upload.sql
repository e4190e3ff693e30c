-- The server has looked at the bytes and they are not what was announced. FND-13.

set role app_engine;

create or replace function app_hidden.reject_upload(file_id uuid, rejection text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  -- Confirmed meanwhile, by a check that saw other bytes under the key: what was checked then stays.
  update app_public.files set status = 'rejected', rejection = reject_upload.rejection, expires_at = null
  where files.id = v_file.id and files.status = 'pending';
end;
$$;

comment on function app_hidden.reject_upload is
  'Rejects the caller''s pending upload, saying why; its object is removed later.';
grant execute on function app_hidden.reject_upload to app_authenticator;

reset role;
