-- The clinic takes an invitation back. Whoever accepts at the same moment comes before or after, never both. FND-04, FND-07.

set role app_engine;

create or replace function app_public.revoke_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.locked_invitation(invitation_id);
begin
  update app_public.invitations set status = 'revoked'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return v_invitation;
end;
$$;

comment on function app_public.revoke_invitation is
  'Takes back an open invitation. Needs members.manage, or patients.manage for a patient; STATE invitation_is_over.';
grant execute on function app_public.revoke_invitation to app_member;

reset role;
