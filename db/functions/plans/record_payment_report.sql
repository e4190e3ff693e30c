-- What the payment account of a clinic reported, for whoever applies webhooks: it speaks of that clinic's subscriptions alone. BIL-09, FND-25.

set role app_engine;

create or replace function app_private.record_payment_report(
  integration_id uuid,
  external_reference text,
  provider_word text,
  as_of timestamptz,
  charged_at timestamptz default null,
  trial_ends_at timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  select organization_integrations.* into v_integration
  from app_public.organization_integrations
  where organization_integrations.id = record_payment_report.integration_id;
  if not found then
    return 'unknown_account';
  end if;
  return coalesce(
    (app_private.report_patient_subscription(
      v_integration.organization_id, v_integration.provider, external_reference, provider_word, as_of, charged_at, trial_ends_at)).outcome,
    'unknown_subscription');
end;
$$;

comment on function app_private.record_payment_report is
  'Takes over what the account behind an integration says of a subscription; answers in a word what it came to.';
grant execute on function app_private.record_payment_report to app_worker;

reset role;
