-- Nobody writes to this address over this channel any more. FND-15.
-- An address that is dead, or whose owner complained, is so for every clinic; a STOP is said to one of them.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/now.sql

set role app_engine;
create or replace function app_private.suppress_address(
  organization_id uuid,
  channel text,
  address text,
  reason text
) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  if suppress_address.reason = 'request' then
    insert into app_private.opt_outs (organization_id, channel, address, since)
    values (suppress_address.organization_id, suppress_address.channel, app_hidden.ascii_lower(suppress_address.address), app_hidden.now())
    on conflict do nothing;
  else
    insert into app_private.suppressed_addresses (channel, address, reason, since)
    values (suppress_address.channel, app_hidden.ascii_lower(suppress_address.address), suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  end if;
end;
$$;

comment on function app_private.suppress_address(uuid, text, text, text) is
  'reason: bounce or complaint, for every clinic; request, for this clinic alone.';

revoke all on function app_private.suppress_address(uuid, text, text, text) from public;
grant execute on function app_private.suppress_address(uuid, text, text, text) to app_worker;
reset role;
