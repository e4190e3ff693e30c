-- A vendor reports what became of a message. FND-15, FND-25, FND-35.
-- A report speaks of what went by the very account it came from: a clinic that signs one with its own keys and names
-- another's message finds none.

set role app_engine;
create or replace function app_private.record_message_status(
  integration_id uuid,
  vendor text,
  vendor_id text,
  status text,
  occurred_at timestamptz,
  reason text default null,
  address_is_dead boolean default false
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if record_message_status.status is null
    or record_message_status.status not in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now', 'complained') then
    perform app_hidden.refuse('VALIDATION', 'message_status_unknown', jsonb_build_object('status', record_message_status.status));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_status.vendor_id, 0));
  insert into app_private.message_reports (integration_id, vendor, vendor_id, status, occurred_at, reason, address_is_dead, received_at)
  values (record_message_status.integration_id, record_message_status.vendor, record_message_status.vendor_id,
          record_message_status.status, record_message_status.occurred_at, left(record_message_status.reason, 500),
          coalesce(record_message_status.address_is_dead, false), app_hidden.now())
  on conflict do nothing;

  perform app_private.apply_message_reports(record_message_status.integration_id, record_message_status.vendor_id);
end;
$$;

comment on function app_private.record_message_status is
  'Takes what a vendor says of a message that went by this integration, or (null) by the platform''s account: sent, '
  'delivered, read, failed, bounced, bounced_for_now or complained. Reports may come twice, in any order, and before our '
  'own record of the sending. A dead address and a complaint end writing to it.';

grant execute on function app_private.record_message_status to app_worker;
reset role;
