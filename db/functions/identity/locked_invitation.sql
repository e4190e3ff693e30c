-- An open invitation that a verb of the clinic is about, locked. FND-04, FND-07.

create or replace function app_private.locked_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invitation app_public.invitations;
begin
  select invitations.* into v_invitation
  from app_public.invitations
  where invitations.id = invitation_id
    and invitations.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invitation_not_found');
  end if;
  perform app_private.require_permission(
    v_invitation.organization_id, case v_invitation.kind when 'member' then 'members.manage' else 'patients.manage' end);
  if v_invitation.status <> 'open' then
    perform app_hidden.refuse('STATE', 'invitation_is_over', jsonb_build_object('status', v_invitation.status));
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.locked_invitation is
  'An open invitation of the caller''s clinic, locked, for whoever may invite such people; NOT_FOUND, FORBIDDEN or STATE otherwise.';
grant execute on function app_private.locked_invitation to app_engine;
