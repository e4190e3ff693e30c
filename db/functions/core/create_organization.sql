-- The platform opens a clinic: with its roles, its owner and its events, in one transaction. FND-01, FND-04, TEN-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/tg_organizations__roles.sql
-- requires: functions/events/publish.sql

set role app_engine;

create or replace function app_public.create_organization(
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  contact_email text default null,
  tenancy_mode text default 'shared',
  draft boolean default false
) returns app_public.organizations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
  v_membership_id uuid;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform opens clinics.');
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse(
      'VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}', 'Only shared tenancy is available.');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, create_organization.contact_email,
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  insert into app_public.memberships (organization_id, human_id)
  values (v_organization.id, app_private.human_by_email(owner_email, owner_name, v_organization.locale))
  returning id into v_membership_id;
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  select v_organization.id, v_membership_id, roles.id, app_private.current_actor_id()
  from app_public.roles
  where roles.organization_id = v_organization.id and roles.system_role_key = 'owner';

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  return v_organization;
end;
$$;

comment on function app_public.create_organization(text, text, text, text, text, text, text, text, text, boolean) is
  'Opens a clinic with its owner. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization(text, text, text, text, text, text, text, text, text, boolean) to app_member;

reset role;
