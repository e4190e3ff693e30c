-- A clinic that is open to the public: a draft is not there for anybody outside. FND-01, FND-32.

create or replace function app_private.require_open_clinic(organization_id uuid) returns app_public.organizations
language plpgsql stable
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
begin
  select organizations.* into v_clinic
  from app_public.organizations
  where organizations.id = require_open_clinic.organization_id
    and organizations.activated_at is not null
    and organizations.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;
  return v_clinic;
end;
$$;

comment on function app_private.require_open_clinic is 'The clinic, active and not removed; NOT_FOUND organization_not_found.';
grant execute on function app_private.require_open_clinic to app_engine;
