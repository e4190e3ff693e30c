-- The invitation that the caller answers, locked. Somebody else's is not there. FND-04, FND-07.

create or replace function app_private.invitation_to_me(invitation_id uuid) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invitation app_public.invitations;
begin
  select invitations.* into v_invitation
  from app_public.invitations
  join app_public.humans
    on humans.principal_id = app_hidden.current_account_id()
   and humans.email = invitations.email
   and humans.email_verified_at is not null
  join app_public.organizations on organizations.id = invitations.organization_id and organizations.deleted_at is null
  where invitations.id = invitation_id
  for update of invitations;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invitation_not_found');
  end if;
  if v_invitation.status <> 'open' or v_invitation.expires_at <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'invitation_is_over',
      jsonb_build_object('status', case v_invitation.status when 'open' then 'expired' else v_invitation.status end));
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.invitation_to_me is
  'An open invitation to the caller''s verified address, locked; NOT_FOUND invitation_not_found, GONE invitation_is_over.';
grant execute on function app_private.invitation_to_me to app_engine;
