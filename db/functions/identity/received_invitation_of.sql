-- An invitation as the invited person may see it: who asks, as what, until when. FND-04, FND-07.

create or replace function app_private.received_invitation_of(invitation app_public.invitations) returns app_public.received_invitation
language sql stable
set search_path = ''
as $$
  select row(
    (invitation).id, (invitation).kind, organizations.name, organizations.city,
    (select coalesce(array_agg(roles.name order by roles.name), '{}')
     from app_public.invitation_roles
     join app_public.roles on roles.organization_id = invitation_roles.organization_id and roles.id = invitation_roles.role_id
     where invitation_roles.organization_id = (invitation).organization_id
       and invitation_roles.invitation_id = (invitation).id),
    (invitation).status, (invitation).expires_at, (invitation).organization_id)::app_public.received_invitation
  from app_public.organizations
  where organizations.id = (invitation).organization_id
$$;

comment on function app_private.received_invitation_of is 'What the invited person is shown.';
grant execute on function app_private.received_invitation_of to app_engine;
