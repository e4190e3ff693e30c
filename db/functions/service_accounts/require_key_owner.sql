-- Who makes, sees and revokes keys of programs. FND-24, BIL-09, FND-04.

create or replace function app_private.require_key_owner(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if organization_id is not null then
    perform app_private.require_permission(organization_id, 'integrations.manage');
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_key_owner is
  'Passes for whoever manages the clinic''s integrations, and without a clinic for superadmins.';
grant execute on function app_private.require_key_owner to app_engine;
