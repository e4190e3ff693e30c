-- A draft clinic goes public. FND-01.

set role app_engine;

create or replace function app_public.activate_organization(organization_id uuid) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  update app_public.organizations set activated_at = app_hidden.now()
  where organizations.id = activate_organization.organization_id
    and organizations.activated_at is null
    and organizations.deleted_at is null
  returning * into v_organization;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'draft_not_found');
  end if;
  perform app_private.publish(
    'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  return v_organization;
end;
$$;

comment on function app_public.activate_organization is 'Makes a draft clinic public. Superadmin only; NOT_FOUND when it is no draft.';
grant execute on function app_public.activate_organization to app_member;

reset role;
