-- What clinics ask of the caller: open invitations to the address that the caller proved. FND-04, FND-07.

set role app_engine;

create or replace function app_public.my_invitations() returns setof app_public.received_invitation
language sql stable security definer
set search_path = ''
as $$
  select (app_private.received_invitation_of(invitations)).*
  from app_public.humans
  join app_public.invitations on invitations.email = humans.email
  join app_public.organizations on organizations.id = invitations.organization_id and organizations.deleted_at is null
  where humans.principal_id = app_hidden.current_account_id()
    and humans.email_verified_at is not null
    and invitations.status = 'open'
    and invitations.expires_at > app_hidden.now()
  order by invitations.id
$$;

comment on function app_public.my_invitations is
  'Invitations to the caller''s verified address that can be accepted; none for a visitor.';
grant execute on function app_public.my_invitations to app_member;

reset role;
