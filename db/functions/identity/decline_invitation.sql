-- The invited person says no; the clinic reads that and no more. FND-04, FND-07.

set role app_engine;

create or replace function app_public.decline_invitation(invitation_id uuid) returns app_public.received_invitation
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
begin
  update app_public.invitations set status = 'declined'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.decline_invitation is
  'Says no to an invitation; the clinic cannot repeat it for 30 days. NOT_FOUND invitation_not_found, GONE invitation_is_over.';
grant execute on function app_public.decline_invitation to app_member;

reset role;
