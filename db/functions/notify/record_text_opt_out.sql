-- Somebody texted STOP or START. FND-15, FND-25.
-- Said to a clinic's own account, it is said to that clinic. The platform's number is shared: there it is said to every
-- clinic that wrote to this number over the channel, since nobody can tell which of them was meant.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/notify/suppress_address.sql

set role app_engine;
create or replace function app_private.record_text_opt_out(
  integration_id uuid,
  channel text,
  address text,
  wants_texts boolean
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_clinics uuid[];
begin
  if record_text_opt_out.integration_id is not null then
    select array_agg(organization_integrations.organization_id) into v_clinics
    from app_public.organization_integrations
    where organization_integrations.id = record_text_opt_out.integration_id;
  else
    select array_agg(distinct messages.organization_id) into v_clinics
    from app_public.messages
    where messages.address = record_text_opt_out.address
      and messages.channel = record_text_opt_out.channel
      and messages.attempted_at is not null;
  end if;

  if record_text_opt_out.wants_texts then
    delete from app_private.opt_outs
    where opt_outs.organization_id = any (v_clinics)
      and opt_outs.channel = record_text_opt_out.channel
      and opt_outs.address = app_hidden.ascii_lower(record_text_opt_out.address);
  else
    perform app_private.suppress_address(clinic, record_text_opt_out.channel, record_text_opt_out.address, 'request')
    from unnest(v_clinics) as clinic;
  end if;
end;
$$;

comment on function app_private.record_text_opt_out(uuid, text, text, boolean) is
  'Ends or begins again the texts of a clinic to a number. Without an integration: of every clinic that wrote there.';

revoke all on function app_private.record_text_opt_out(uuid, text, text, boolean) from public;
grant execute on function app_private.record_text_opt_out(uuid, text, text, boolean) to app_worker;
reset role;
