-- The vendor will never take the message. FND-15.
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.record_message_refused(
  message_id uuid,
  reason text,
  address_is_dead boolean
) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  with refused as (
    update app_private.messages
    set status = 'failed', failed_reason = left(record_message_refused.reason, 500)
    where messages.id = record_message_refused.message_id and messages.status = 'queued'
    returning messages.recipient_email
  )
  insert into app_private.suppressed_addresses (address, reason, since)
  select lower(refused.recipient_email), 'bounce', app_hidden.now()
  from refused
  where record_message_refused.address_is_dead
  on conflict (address) do nothing
$$;

comment on function app_private.record_message_refused(uuid, text, boolean) is
  'Marks a message as failed for good; an address that does not exist is not written to again.';

revoke all on function app_private.record_message_refused(uuid, text, boolean) from public;
grant execute on function app_private.record_message_refused(uuid, text, boolean) to app_worker;
reset role;
