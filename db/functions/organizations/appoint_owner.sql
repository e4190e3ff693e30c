-- The owner whom the platform invited declined, or let the invitation pass: the platform names another one. A clinic that
-- ever had a member is no longer the platform's to hand on. FND-01, FND-04.

set role app_engine;

create or replace function app_public.appoint_owner(
  organization_id uuid,
  email text,
  name text
) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_remembered := app_private.remembered('appoint_owner', jsonb_build_array(organization_id, email, name));
  if v_remembered is not null then
    return jsonb_populate_record(v_organization, v_remembered);
  end if;

  select organizations.* into v_organization
  from app_public.organizations
  where organizations.id = appoint_owner.organization_id and organizations.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;
  -- Whoever accepts at this moment is waited for, and is a member then.
  update app_public.invitations set status = 'revoked'
  where invitations.organization_id = v_organization.id and invitations.status = 'open';
  if exists (select from app_public.memberships where memberships.organization_id = v_organization.id) then
    perform app_hidden.refuse('CONFLICT', 'clinic_has_members');
  end if;
  perform app_private.appoint_first_owner(v_organization, email, name);
  perform app_private.remember('appoint_owner', to_jsonb(v_organization));
  return v_organization;
end;
$$;

comment on function app_public.appoint_owner is
  'Names another first owner of a clinic that nobody has joined yet, and takes an open invitation back. Whoever has an '
  'account is invited. Superadmin only; NOT_FOUND organization_not_found, CONFLICT clinic_has_members.';
grant execute on function app_public.appoint_owner to app_member;

reset role;
