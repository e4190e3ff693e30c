-- The row of a new invitation, and what stands in its way: one that is open, one that was declined, too many. FND-04, FND-07.

create or replace function app_private.open_invitation(
  organization_id uuid,
  kind text,
  email text,
  name text,
  patient_profile_id uuid default null
) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(open_invitation.email);
  v_invitation app_public.invitations;
begin
  -- An open one whose time is over stands in nobody's way.
  update app_public.invitations set status = 'expired'
  where invitations.organization_id = open_invitation.organization_id
    and invitations.email = v_email
    and invitations.status = 'open'
    and invitations.expires_at <= app_hidden.now();

  if exists (
    select from app_public.invitations
    where invitations.organization_id = open_invitation.organization_id
      and invitations.kind = open_invitation.kind
      and invitations.email = v_email
      and invitations.status = 'declined'
      and invitations.updated_at > app_hidden.now() - interval '30 days'
  ) then
    perform app_hidden.refuse('STATE', 'invitation_declined', '{"field": "email"}');
  end if;

  -- Colleagues who invite at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended('invitations of ' || open_invitation.organization_id, 0));
  if (select count(*) from app_public.invitations
      where invitations.organization_id = open_invitation.organization_id
        and invitations.created_at > app_hidden.now() - interval '24 hours') >= 200 then
    perform app_hidden.refuse('RATE_LIMITED', 'many_invitations', '{"retryAfterSeconds": 86400}');
  end if;

  insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at, created_at)
  values (open_invitation.organization_id, open_invitation.kind, v_email,
          coalesce(nullif(btrim(open_invitation.name), ''), split_part(v_email, '@', 1)), open_invitation.patient_profile_id,
          app_private.current_actor_id(), app_hidden.now() + interval '14 days', app_hidden.now())
  on conflict do nothing
  returning * into v_invitation;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_invited', '{"field": "email"}');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.open_invitation is
  'Makes an open invitation. CONFLICT already_invited, STATE invitation_declined, RATE_LIMITED many_invitations.';
grant execute on function app_private.open_invitation to app_engine;
