-- A message does not arrive: says why, and lets the next channel of its route stand in. FND-15.

set role app_engine;
create or replace function app_private.end_message(message_id uuid, status text, reason text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
begin
  update app_public.messages
  set status = end_message.status, reason = left(end_message.reason, 500)
  where messages.id = end_message.message_id
  returning messages.* into v_message;

  -- Too late for anybody, or somebody else of the same household is being told over this route.
  if v_message.expires_at <= app_hidden.now() or exists (
    select from app_public.messages as other
    where other.organization_id = v_message.organization_id
      and other.event_id = v_message.event_id
      and other.template_key = v_message.template_key
      and other.route = v_message.route
      and other.recipient = v_message.recipient
      and other.status in ('queued', 'sent', 'delivered', 'read')
  ) then
    return;
  end if;
  perform app_private.queue_messages(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)], v_message.event_id,
    v_message.calendar_uid, v_message.expires_at, v_message.route, v_message.rank);
end;
$$;

comment on function app_private.end_message is
  'Ends a message as failed, bounced, suppressed or skipped, and queues it over the next channel of its route.';

reset role;
