-- Moves a message along what its vendor reported. FND-15, FND-35.
-- Reports come late, twice and in any order. message_moves says which report moves a message from where to where, so an
-- older one finds no move and changes nothing; failed is the end, and what was read was not lost.

set role app_engine;
create or replace function app_private.apply_message_reports(integration_id uuid, vendor_id text) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
  v_report app_private.message_reports;
  v_to_state text;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.vendor_id = apply_message_reports.vendor_id
    and messages.integration_id is not distinct from apply_message_reports.integration_id
  for update;
  if not found then
    return;
  end if;

  for v_report in
    select message_reports.*
    from app_private.message_reports
    where message_reports.vendor_id = v_message.vendor_id
      and message_reports.integration_id is not distinct from v_message.integration_id
      and message_reports.vendor = coalesce(v_message.vendor, message_reports.vendor)
    order by message_reports.occurred_at, message_reports.received_at
  loop
    -- Once: a report that is applied again with a later one does not undo what was lifted meanwhile.
    if v_report.counted_at is null and v_message.address is not null
      and (v_report.address_is_dead or v_report.status = 'complained') then
      update app_private.message_reports set counted_at = app_hidden.now() where message_reports.id = v_report.id;
      perform app_private.suppress_address(
        v_message.organization_id, v_message.integration_id, v_message.channel, v_message.address,
        case
          when v_report.status = 'complained' then 'complaint'
          when v_report.reason = 'opted_out' then 'request'
          else 'bounce'
        end);
    end if;
    select messages.* into strict v_message from app_public.messages where messages.id = v_message.id;
    select message_moves.to_state into v_to_state
    from app_private.message_moves
    where message_moves.report = v_report.status
      and message_moves.from_state = v_message.status
      and not exists (
        select from app_private.message_reports as other
        where other.vendor_id = v_message.vendor_id
          and other.integration_id is not distinct from v_message.integration_id
          and other.vendor = v_report.vendor
          and other.status = message_moves.unless_reported);
    continue when not found;
    if v_to_state in ('failed', 'bounced') then
      perform app_private.end_message(v_message.id, v_to_state, coalesce(v_report.reason, v_to_state));
    else
      update app_public.messages
      set status = v_to_state, reason = null, delivered_at = coalesce(messages.delivered_at, v_report.occurred_at)
      where messages.id = v_message.id;
    end if;
  end loop;
end;
$$;

comment on function app_private.apply_message_reports is
  'Applies everything a vendor reported about its message, in the order in which it happened; again changes nothing.';

reset role;
