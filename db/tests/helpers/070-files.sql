-- A file in one line. The row only: what the bytes are is a matter between the server and the object store.

create or replace function tests.file(
  name text, surface text, owner_id uuid, uploaded_by text, status text default 'confirmed',
  content_type text default 'image/png'
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization uuid;
  v_id uuid := uuidv7();
begin
  select s.* into strict v_surface from app_private.file_surfaces s where s.key = file.surface;
  v_organization := (app_private.file_owner(v_surface.owner_kind, file.owner_id)).organization_id;
  insert into app_public.files (id, organization_id, surface, audience, owner_kind, owner_id, filename,
    content_type, size_bytes, sha256, object_key, uploaded_by, expires_at)
  values (v_id, v_organization, v_surface.key, v_surface.audience, v_surface.owner_kind, file.owner_id,
          file.name || '.png', file.content_type, 1000, encode(sha256(file.name::bytea), 'hex'),
          concat_ws('/', v_organization, v_surface.prefix, v_id),
          (select p.principal_id from tests.personas p where p.name = file.uploaded_by), app_hidden.now() + interval '1 day');
  if file.status <> 'pending' then
    update app_public.files f set
      status = case file.status when 'rejected' then 'rejected' else 'confirmed' end,
      rejection = case file.status when 'rejected' then 'type_mismatch' end,
      expires_at = null,
      confirmed_at = case when file.status <> 'rejected' then app_hidden.now() end
    where f.id = v_id;
  end if;
  if file.status = 'deleted' then
    update app_public.files f set status = 'deleted', deleted_at = app_hidden.now() where f.id = v_id;
  end if;
  perform tests.remember(file.name, v_id);
  return v_id;
end;
$$;

comment on function tests.file(text, text, uuid, text, text, text) is
  'A file of a surface at a row of its kind of owner, uploaded by a persona; checked unless said otherwise.';

create or replace function tests.serve(persona text) returns void
language plpgsql volatile
as $$
begin
  perform tests.act_as(serve.persona);
  perform set_config('role', 'app_authenticator', true);
end;
$$;

comment on function tests.serve(text) is 'Becomes the server''s login role under the settings of this person''s request.';
