-- A clinic opened to the public: its owners are welcomed. FND-01, FND-15.

create or replace function app_private.messages_about_organization(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.notify(
    event.organization_id, 'organization_activated', jsonb_build_object('clinicSlug', organizations.slug),
    human_id => humans.principal_id, event_id => event.id)
  from app_public.organizations
  join app_public.memberships on memberships.organization_id = organizations.id
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.roles
    on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
  join app_public.humans on humans.principal_id = memberships.human_id
  where organizations.id = event.organization_id
    and memberships.ended_at is null
    and roles.system_role_key = 'owner';
end;
$$;

comment on function app_private.messages_about_organization is
  'Queues what organization.activated calls for: a welcome to each owner.';
grant execute on function app_private.messages_about_organization to app_engine;
