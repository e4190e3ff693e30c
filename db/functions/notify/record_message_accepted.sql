-- The vendor took the message. FND-15, FND-35. A text message by the platform's account is the clinic's usage. FND-20.
-- What it reported meanwhile, before its answer reached us, is applied now.

set role app_engine;
create or replace function app_private.record_message_accepted(
  message_id uuid,
  integration_id uuid,
  vendor text,
  vendor_id text
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
begin
  -- One after the other with a report about it, or each would miss what the other writes.
  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_accepted.vendor_id, 0));
  -- The inbox is ours: what was put there has arrived.
  update app_public.messages
  set status = case when messages.channel = 'in_app' then 'delivered' else 'sent' end,
      sent_at = app_hidden.now(),
      delivered_at = case when messages.channel = 'in_app' then app_hidden.now() end,
      integration_id = record_message_accepted.integration_id,
      vendor = record_message_accepted.vendor,
      vendor_id = record_message_accepted.vendor_id
  where messages.id = record_message_accepted.message_id and messages.status = 'queued'
  returning * into v_message;
  if v_message.channel = 'sms' and v_message.integration_id is null then
    perform app_private.record_usage(
      v_message.organization_id, 'sms_messages', 'messages', v_message.id::text, 1, v_message.sent_at);
  end if;

  perform app_private.apply_message_reports(record_message_accepted.integration_id, record_message_accepted.vendor_id);
end;
$$;

comment on function app_private.record_message_accepted is
  'Marks a message as sent by the clinic''s own account or (null) the platform''s, with the vendor''s id for it; one in '
  'the app as delivered.';

grant execute on function app_private.record_message_accepted to app_worker;
reset role;
