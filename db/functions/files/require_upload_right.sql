-- Who may put a file to a row: staff by the surface's permission and, where the surface says so, the person the row is
-- about. A row that is not theirs to see and one that does not exist answer alike. FND-13, FND-04.

create or replace function app_private.require_upload_right(surface app_private.file_surfaces, owner_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_owner constant app_private.owner_of_file := app_private.file_owner(surface.owner_kind, owner_id);
begin
  if v_owner.organization_id is null or v_owner.is_deleted then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  if not (surface.uploaded_by_owner and v_owner.is_own) then
    perform app_private.require_permission(v_owner.organization_id, surface.manage_permission);
  end if;
  return v_owner.organization_id;
end;
$$;

comment on function app_private.require_upload_right is
  'The clinic of the owner row, when the caller may upload to it; else FORBIDDEN for a colleague, NOT_FOUND for anyone else.';
grant execute on function app_private.require_upload_right to app_engine;
