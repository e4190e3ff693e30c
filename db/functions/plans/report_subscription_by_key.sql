-- The clinic's own payment system tells the status of a patient's subscription, with a key of the clinic. Another clinic's is not there. BIL-09.

set role app_engine;

create or replace function app_hidden.report_subscription_by_key(
  digest bytea,
  external_reference text,
  status text,
  as_of timestamptz,
  trial_ends_at timestamptz default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_key app_public.service_account_keys;
  v_remembered jsonb;
  v_report app_public.patient_subscription_reports;
  v_answer jsonb;
begin
  v_key := app_private.use_service_key(digest, 'patient_subscriptions');
  v_remembered := app_private.remembered(
    'report_subscription_by_key', jsonb_build_array(external_reference, status, as_of, trial_ends_at));
  if v_remembered is not null then
    return v_remembered;
  end if;
  v_report := app_private.report_patient_subscription(
    v_key.organization_id, 'own', external_reference, status, as_of, trial_ends_at => report_subscription_by_key.trial_ends_at);
  if v_report.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'subscription_not_linked');
  end if;
  select jsonb_build_object(
    'subscription_id', linked.id, 'status', linked.status, 'outcome', v_report.outcome, 'as_of', v_report.as_of)
  into strict v_answer
  from app_private.linked_subscription(v_key.organization_id, 'own', external_reference) as linked;
  perform app_private.remember('report_subscription_by_key', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.report_subscription_by_key is
  'Reports a status for the holder of a key of a clinic: {subscription_id, status, outcome, as_of}. NOT_FOUND subscription_not_linked.';
grant execute on function app_hidden.report_subscription_by_key to app_authenticator;

reset role;
