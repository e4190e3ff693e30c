-- Nobody writes to this address over this channel any more. FND-15, FND-35.
-- Where that counts is said by whose vendor reported it: a clinic's own counts at that clinic, or it could silence
-- anybody everywhere; the platform's counts at all that send through it. A STOP is always said to one clinic.

set role app_engine;
create or replace function app_private.suppress_address(
  organization_id uuid,
  integration_id uuid,
  channel text,
  address text,
  reason text
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if suppress_address.reason = 'request' then
    insert into app_private.opt_outs (organization_id, channel, address, since, to_own_account)
    values (suppress_address.organization_id, suppress_address.channel, app_hidden.ascii_lower(suppress_address.address),
            app_hidden.now(), suppress_address.integration_id is not null)
    on conflict on constraint opt_outs_pkey do update
      set to_own_account = true
      where excluded.to_own_account and not opt_outs.to_own_account;
  elsif suppress_address.integration_id is not null then
    insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason, since)
    values (suppress_address.organization_id, suppress_address.channel, app_hidden.ascii_lower(suppress_address.address),
            suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  else
    insert into app_private.suppressed_addresses (channel, address, reason, since)
    values (suppress_address.channel, app_hidden.ascii_lower(suppress_address.address), suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  end if;
end;
$$;

comment on function app_private.suppress_address is
  'reason: bounce or complaint, at the clinic whose own integration reported it, or without one at all that use the '
  'platform''s account; request, at this clinic alone.';

grant execute on function app_private.suppress_address to app_worker;
reset role;
