-- Somebody texted STOP or START. FND-15, FND-25, FND-35.
-- Said to a clinic's own account, it is said to that clinic, which has both ends of it: its START takes back every STOP
-- that keeps this clinic from writing, and nobody else's. The platform's number is shared: there a STOP is said to every
-- clinic that wrote by it, since nobody can tell which of them was meant, and a START takes back what was said there.
-- A START also shows that the number is alive, so what the same account's vendor had reported is lifted.

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
  v_is_own constant boolean := record_text_opt_out.integration_id is not null;
  v_clinics uuid[];
begin
  if v_is_own then
    select array_agg(organization_integrations.organization_id) into v_clinics
    from app_public.organization_integrations
    where organization_integrations.id = record_text_opt_out.integration_id;
  else
    select array_agg(distinct messages.organization_id) into v_clinics
    from app_public.messages
    where messages.address = record_text_opt_out.address
      and messages.channel = record_text_opt_out.channel
      and messages.integration_id is null
      and messages.attempted_at is not null;
  end if;

  if not record_text_opt_out.wants_texts then
    perform app_private.suppress_address(
      clinic, record_text_opt_out.integration_id, record_text_opt_out.channel, record_text_opt_out.address, 'request')
    from unnest(v_clinics) as clinic;
    return;
  end if;

  with taken_back as (
    delete from app_private.opt_outs
    where opt_outs.channel = record_text_opt_out.channel
      and opt_outs.address = app_hidden.ascii_lower(record_text_opt_out.address)
      and case when v_is_own then opt_outs.organization_id = any (v_clinics) else not opt_outs.to_own_account end
    returning opt_outs.*
  )
  insert into app_private.lifted_suppressions (organization_id, channel, address, reason, since, lifted_by, lifted_at)
  select taken_back.organization_id, taken_back.channel, taken_back.address, 'request', taken_back.since, 'start', app_hidden.now()
  from taken_back;

  if v_is_own then
    perform app_private.lift_suppressions(
      clinic, record_text_opt_out.channel, record_text_opt_out.address, array['bounce', 'complaint'], 'start', null)
    from unnest(v_clinics) as clinic;
  else
    perform app_private.lift_suppressions(
      null, record_text_opt_out.channel, record_text_opt_out.address, array['bounce', 'complaint'], 'start', null);
  end if;
end;
$$;

comment on function app_private.record_text_opt_out is
  'Ends or begins again the texts of a clinic to a number. Without an integration: of every clinic that wrote there by '
  'the platform''s account.';

grant execute on function app_private.record_text_opt_out to app_worker;
reset role;
