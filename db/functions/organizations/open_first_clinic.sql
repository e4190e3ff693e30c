-- The platform's first superadmin and first clinic, before anybody could sign in and make them. FND-36, FND-01, FND-02.
-- The operator runs it as the engine (npm run first-clinic); no role of the API may. Everything after it is done by the
-- superadmin through the API, so a platform that has one already refuses, unless told that another is meant.

create or replace function app_private.open_first_clinic(
  superadmin_email text,
  superadmin_name text,
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  another boolean default false
) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_superadmin_id uuid;
  v_superadmin app_public.principals;
  v_is_open boolean;
  v_owner_id uuid;
  v_organization_id uuid;
  v_is_owner boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('open_first_clinic', 0));
  select exists (select from app_public.principals where platform_role = 'superadmin' and disabled_at is null)
  into v_is_open;

  v_superadmin_id := app_private.human_by_email(
    open_first_clinic.superadmin_email, open_first_clinic.superadmin_name, open_first_clinic.locale);
  select * into strict v_superadmin from app_public.principals where id = v_superadmin_id for update;
  select organizations.id into v_organization_id
  from app_public.organizations
  where organizations.slug = open_first_clinic.slug and organizations.deleted_at is null;
  if found then
    v_owner_id := app_private.human_by_email(open_first_clinic.owner_email, open_first_clinic.owner_name, open_first_clinic.locale);
    select exists (
      select from app_public.memberships
      join app_public.membership_roles on membership_roles.membership_id = memberships.id
      join app_public.roles on roles.id = membership_roles.role_id
      where memberships.organization_id = v_organization_id
        and memberships.human_id = v_owner_id
        and memberships.ended_at is null
        and roles.system_role_key = 'owner'
    ) or exists (
      select from app_public.invitations
      join app_public.invitation_roles on invitation_roles.invitation_id = invitations.id
      join app_public.roles on roles.id = invitation_roles.role_id
      where invitations.organization_id = v_organization_id
        and invitations.email = app_hidden.address_key(open_first_clinic.owner_email)
        and invitations.status = 'open'
        and roles.system_role_key = 'owner'
    ) into v_is_owner;
    if not v_is_owner then
      perform app_hidden.refuse('CONFLICT', 'slug_taken', '{"field": "slug"}');
    end if;
  end if;
  if v_superadmin.platform_role = 'superadmin' and v_superadmin.disabled_at is null and v_organization_id is not null then
    return false;
  end if;

  if v_is_open and not open_first_clinic.another then
    perform app_hidden.refuse('CONFLICT', 'platform_has_a_superadmin');
  end if;
  if v_superadmin.disabled_at is not null then
    perform app_hidden.refuse('CONFLICT', 'account_disabled', '{"field": "superadminEmail"}');
  end if;

  update app_public.principals set platform_role = 'superadmin' where id = v_superadmin_id;
  if v_organization_id is null then
    -- The clinic is opened by the superadmin, as every later one is, and its entries in the audit name them.
    perform set_config('app.principal_id', v_superadmin_id::text, true);
    perform app_public.create_organization(
      slug => open_first_clinic.slug,
      name => open_first_clinic.name,
      owner_email => open_first_clinic.owner_email,
      owner_name => open_first_clinic.owner_name,
      locale => open_first_clinic.locale,
      timezone => open_first_clinic.timezone,
      currency => open_first_clinic.currency);
  end if;
  return true;
end;
$$;

comment on function app_private.open_first_clinic is
  'Makes the first superadmin and the first clinic with its owner; false when exactly these are there already. '
  'CONFLICT platform_has_a_superadmin when somebody else is superadmin and another one is not meant.';
grant execute on function app_private.open_first_clinic to app_engine;
