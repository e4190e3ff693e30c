-- The vendor will never take the message. FND-15, FND-35.

set role app_engine;
create or replace function app_private.record_message_refused(
  message_id uuid,
  integration_id uuid,
  reason text,
  address_is_dead boolean
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
begin
  update app_public.messages
  set integration_id = record_message_refused.integration_id
  where messages.id = record_message_refused.message_id and messages.status = 'queued'
  returning messages.* into v_message;
  if not found then
    return;
  end if;
  if record_message_refused.address_is_dead and v_message.address is not null then
    perform app_private.suppress_address(
      v_message.organization_id, record_message_refused.integration_id, v_message.channel, v_message.address,
      case when record_message_refused.reason = 'opted_out' then 'request' else 'bounce' end);
  end if;
  perform app_private.end_message(v_message.id, 'failed', record_message_refused.reason);
end;
$$;

comment on function app_private.record_message_refused is
  'Marks a message as failed for good, by the clinic''s own account or (null) the platform''s; an address that does not '
  'exist is not written to again by whoever uses that account (with the reason opted_out: not by this clinic). Another '
  'channel of its route stands in.';

grant execute on function app_private.record_message_refused to app_worker;
reset role;
