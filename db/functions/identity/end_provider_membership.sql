-- Somebody left an organization at the provider that stands for a clinic here. FND-25, FND-04.
-- The last owner stays: a clinic nobody can run any more helps nobody, and the platform sees the outcome.

set role app_engine;

create or replace function app_hidden.end_provider_membership(
  issuer text,
  provider_org_id text,
  subject text,
  happened_at timestamptz
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships;
begin
  select memberships.* into v_membership
  from app_private.provider_organizations
  join app_private.identities
    on identities.issuer = provider_organizations.issuer and identities.subject = end_provider_membership.subject
  join app_public.memberships
    on memberships.organization_id = provider_organizations.organization_id
   and memberships.human_id = identities.principal_id
  where provider_organizations.issuer = end_provider_membership.issuer
    and provider_organizations.provider_org_id = end_provider_membership.provider_org_id
  for update of memberships;
  if not found then
    return 'ignored';
  end if;
  if v_membership.ended_at is not null then
    return 'unchanged';
  end if;
  -- Came back to the clinic after leaving there: what is told now is older than that.
  if v_membership.updated_at > happened_at then
    return 'stale';
  end if;

  if exists (
    select
    from app_public.membership_roles
    join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    where membership_roles.organization_id = v_membership.organization_id
      and membership_roles.membership_id = v_membership.id
      and roles.system_role_key = 'owner'
  ) then
    begin
      perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
    exception when sqlstate 'RX412' then
      return 'last_owner';
    end;
  end if;

  update app_public.memberships set ended_at = app_hidden.now()
  where memberships.organization_id = v_membership.organization_id and memberships.id = v_membership.id;
  return 'applied';
end;
$$;

comment on function app_hidden.end_provider_membership is
  'Ends the membership of whoever left the provider''s organization: ignored when it stands for no clinic or the person is '
  'no member, stale when they came back since, last_owner when nobody else owns the clinic.';
grant execute on function app_hidden.end_provider_membership to app_authenticator, app_worker;

reset role;
