-- The platform opens a clinic: with its roles, its owner (or the invitation to own it), the automation that welcomes its patients, and its events, in one transaction. FND-01, FND-04, TEN-01.

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
  v_remembered jsonb;
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_remembered := app_private.remembered('create_organization', jsonb_build_array(
    slug, name, owner_email, owner_name, locale, timezone, currency, contact_email, tenancy_mode, draft));
  if v_remembered is not null then
    return jsonb_populate_record(v_organization, v_remembered);
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse('VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, create_organization.contact_email,
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  perform app_private.appoint_first_owner(v_organization, owner_email, owner_name);
  perform app_private.give_onboarding_automation(v_organization.id, true);

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  perform app_private.remember('create_organization', to_jsonb(v_organization));
  return v_organization;
end;
$$;

comment on function app_public.create_organization is
  E'@words tenancy_mode organizations.tenancy_mode\n'
  'Opens a clinic with its owner. Whoever has an account already is invited to own it, and appointOwner names another one '
  'if they decline. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization to app_member;

reset role;
