-- Moves a message along what its vendor reported. FND-15.
-- Reports come late, twice and in any order. state_transitions says what may follow what, so an older report finds no
-- move and changes nothing; failed and bounced are the end, and what was read was not lost.
-- requires: functions/notify/suppress_address.sql
-- requires: functions/notify/end_message.sql

set role app_engine;
create or replace function app_private.apply_message_reports(vendor_id text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
  v_report app_private.message_reports;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.vendor_id = apply_message_reports.vendor_id
  for update;
  if not found then
    return;
  end if;

  for v_report in
    select message_reports.*
    from app_private.message_reports
    where message_reports.vendor_id = apply_message_reports.vendor_id
      and message_reports.vendor = coalesce(v_message.vendor, message_reports.vendor)
    order by message_reports.occurred_at, message_reports.received_at
  loop
    if v_message.address is not null and (v_report.address_is_dead or v_report.status = 'complained') then
      perform app_private.suppress_address(
        v_message.organization_id, v_message.channel, v_message.address,
        case
          when v_report.status = 'complained' then 'complaint'
          when v_report.reason = 'opted_out' then 'request'
          else 'bounce'
        end);
    end if;
    select messages.* into strict v_message from app_public.messages where messages.id = v_message.id;
    continue when not exists (
      select from app_private.state_transitions
      where state_transitions.entity = 'messages'
        and state_transitions.from_state = v_message.status
        and state_transitions.to_state = v_report.status);
    if v_report.status in ('failed', 'bounced') then
      perform app_private.end_message(v_message.id, v_report.status, coalesce(v_report.reason, v_report.status));
    else
      update app_public.messages
      set status = v_report.status, delivered_at = coalesce(messages.delivered_at, v_report.occurred_at)
      where messages.id = v_message.id;
    end if;
  end loop;
end;
$$;

comment on function app_private.apply_message_reports(text) is
  'Applies everything a vendor reported about its message, in the order in which it happened; again changes nothing.';

revoke all on function app_private.apply_message_reports(text) from public;
reset role;
