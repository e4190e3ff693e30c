-- A specialist's signature is set: a picture that was confirmed, with its strokes where they are known. The one before stays, with
-- its bytes, for the documents that carry it. SPC-04.

set role app_engine;

create or replace function app_public.set_specialist_signature(
  specialist_id uuid,
  file_id uuid default null,
  path text default null
) returns app_public.specialist_signatures
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
  v_signature app_public.specialist_signatures;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = set_specialist_signature.specialist_id and specialists.deleted_at is null
    and specialists.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  if v_specialist.id <> all (app_hidden.current_specialist_ids()) then
    perform app_private.require_permission(v_specialist.organization_id, 'specialists.manage');
  end if;
  if set_specialist_signature.file_id is not null and not exists (
    select from app_public.files
    where files.organization_id = v_specialist.organization_id and files.id = set_specialist_signature.file_id
      and files.surface = 'specialist_signatures' and files.owner_id = v_specialist.id and files.status = 'confirmed'
  ) then
    perform app_hidden.refuse('VALIDATION', 'no_signature_of_the_specialist', '{"field": "fileId"}');
  elsif app_private.is_path_data(set_specialist_signature.path) is false then
    perform app_hidden.refuse('VALIDATION', 'path_invalid', '{"field": "path", "most": 65536}');
  elsif set_specialist_signature.file_id is null and set_specialist_signature.path is not null then
    perform app_hidden.refuse('VALIDATION', 'no_signature_of_the_specialist', '{"field": "fileId"}');
  end if;

  insert into app_public.specialist_signatures (organization_id, specialist_id, file_id, path, created_by, created_at)
  values (v_specialist.organization_id, v_specialist.id, set_specialist_signature.file_id, set_specialist_signature.path,
          app_private.current_actor_id(), app_hidden.now())
  returning * into v_signature;
  return v_signature;
end;
$$;

comment on function app_public.set_specialist_signature is
  E'@arg path The strokes of the picture, as the path data of SVG.\n'
  '@arg fileId The picture, by the id of its file; none takes the signature away.\n'
  'Sets the signature that goes onto a specialist''s documents from now on: a confirmed file of the surface specialist_signatures, '
  'with its strokes as a path, or none. For the specialist, and with specialists.manage; VALIDATION no_signature_of_the_specialist, path_invalid.';
grant execute on function app_public.set_specialist_signature to app_member;

reset role;
