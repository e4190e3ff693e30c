-- Who may put a file to a row: staff by the surface's permission and, where the surface says so, the person the row is
-- about. A row that is not theirs to see and one that does not exist answer alike. FND-13, FND-04.

create or replace function app_private.require_upload_right(surface app_private.file_surfaces, owner_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_is_person boolean := false;
begin
  case surface.owner_kind
    when 'organization' then
      select organizations.id into v_organization_id
      from app_public.organizations
      where organizations.id = owner_id and organizations.deleted_at is null;
    when 'service' then
      select services.organization_id into v_organization_id
      from app_public.services
      where services.id = owner_id and services.deleted_at is null;
    when 'specialist' then
      select specialists.organization_id, specialists.id = any (app_hidden.current_specialist_ids())
      into v_organization_id, v_is_person
      from app_public.specialists
      where specialists.id = owner_id and specialists.deleted_at is null;
    when 'appointment' then
      select appointments.organization_id,
             appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())
      into v_organization_id, v_is_person
      from app_public.appointments
      where appointments.id = owner_id and appointments.deleted_at is null;
  end case;

  if v_organization_id is null then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  if not (surface.uploaded_by_owner and v_is_person) then
    perform app_private.require_permission(v_organization_id, surface.manage_permission);
  end if;
  return v_organization_id;
end;
$$;

comment on function app_private.require_upload_right is
  'The clinic of the owner row, when the caller may upload to it; else FORBIDDEN for a colleague, NOT_FOUND for anyone else.';
grant execute on function app_private.require_upload_right to app_engine;
