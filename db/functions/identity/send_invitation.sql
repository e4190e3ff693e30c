-- The mail of an invitation, the first one or another. FND-04, FND-07, FND-15.
-- It goes to the bare address with the clinic's words and language: whether the address has an account changes nothing.
-- Three mails a day to one address from one clinic, and five for one invitation, are enough for whoever wants to come.

create or replace function app_private.send_invitation(invitation app_public.invitations, locale text default null)
returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_day_ago timestamptz := app_hidden.now() - interval '24 hours';
  v_sent timestamptz[];
  v_invitation app_public.invitations;
begin
  -- Two that write to one address at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended('invitation:' || invitation.organization_id || ':' || invitation.email, 0));
  select array_agg(sent.at order by sent.at) into v_sent
  from app_public.invitations
  cross join lateral unnest(invitations.sent_times) as sent (at)
  where invitations.organization_id = invitation.organization_id
    and invitations.email = invitation.email
    and sent.at > v_day_ago;
  if cardinality(v_sent) >= 3 then
    perform app_hidden.refuse(
      'RATE_LIMITED', 'invited_often',
      jsonb_build_object('field', 'email', 'retryAfterSeconds',
        ceil(extract(epoch from v_sent[cardinality(v_sent) - 2] - v_day_ago))::int));
  elsif cardinality(invitation.sent_times) >= 5 then
    perform app_hidden.refuse('STATE', 'sent_often');
  end if;

  update app_public.invitations
  set sent_times = invitations.sent_times || app_hidden.now(), expires_at = app_hidden.now() + interval '14 days'
  where invitations.id = invitation.id
  returning * into v_invitation;
  perform app_private.notify(
    v_invitation.organization_id, v_invitation.kind || '_invited', jsonb_build_object('invitedAddress', v_invitation.email),
    name => v_invitation.name, email => v_invitation.email, locale => send_invitation.locale);
  return v_invitation;
end;
$$;

comment on function app_private.send_invitation is
  'Queues the mail and lets the invitation last 14 days from now; RATE_LIMITED invited_often, STATE sent_often.';
grant execute on function app_private.send_invitation to app_engine;
