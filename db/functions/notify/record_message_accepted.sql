-- The vendor took the message. FND-15.
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.record_message_accepted(message_id uuid, vendor_id text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.messages
  set status = 'sent', sent_at = app_hidden.now(), vendor_id = record_message_accepted.vendor_id
  where messages.id = record_message_accepted.message_id and messages.status = 'queued'
$$;

comment on function app_private.record_message_accepted(uuid, text) is 'Marks a message as sent, with the vendor''s id for it.';

revoke all on function app_private.record_message_accepted(uuid, text) from public;
grant execute on function app_private.record_message_accepted(uuid, text) to app_worker;
reset role;
