-- What the clinic's payment provider says of a patient's subscription moves it, and what it gives follows (CAT-06). Which report
-- holds is decided by the time that it is about, never by when it came: reports are kept, and where one changes which of them holds, the
-- subscription follows the one that does. So any order of the same reports ends in the same status. BIL-09.
-- Locks: the patient's plans (settle_patient_plans), then the subscription, which may have ended.

create or replace function app_private.report_patient_subscription(
  organization_id uuid,
  provider text,
  external_reference text,
  provider_word text,
  as_of timestamptz,
  charged_at timestamptz default null,
  trial_ends_at timestamptz default null
) returns app_public.patient_subscription_reports
language plpgsql volatile
set search_path = ''
as $$
declare
  v_link app_public.patient_subscription_links;
  v_subscription app_public.patient_subscriptions;
  v_known app_private.patient_payment_statuses;
  v_report app_public.patient_subscription_reports;
  v_holds app_public.patient_subscription_reports;
begin
  if as_of > app_hidden.now() + interval '5 minutes' then
    perform app_hidden.refuse('VALIDATION', 'in_the_future', '{"field": "asOf"}');
  end if;
  v_subscription := app_private.linked_subscription(organization_id, provider, external_reference);
  if v_subscription.id is null then
    return null;
  end if;
  perform app_private.settle_patient_plans(v_subscription.organization_id, v_subscription.patient_profile_id);
  perform from app_public.patient_subscriptions
  where patient_subscriptions.id = v_subscription.id
  for no key update;
  v_subscription := app_private.linked_subscription(organization_id, provider, external_reference);
  select links.* into v_link
  from app_public.patient_subscription_links as links
  where links.organization_id = report_patient_subscription.organization_id and links.subscription_id = v_subscription.id;
  if not found then
    return null;
  end if;

  select reports.* into v_report
  from app_public.patient_subscription_reports as reports
  where reports.organization_id = v_link.organization_id
    and reports.link_id = v_link.id
    and reports.as_of = report_patient_subscription.as_of
    and reports.provider_word = report_patient_subscription.provider_word
    and reports.charged_at is not distinct from report_patient_subscription.charged_at;
  if found then
    return v_report;
  end if;

  select statuses.* into v_known
  from app_private.patient_payment_statuses as statuses
  where statuses.provider = v_link.provider and statuses.provider_word = report_patient_subscription.provider_word;
  v_report.id := uuidv7();
  v_report.organization_id := v_link.organization_id;
  v_report.link_id := v_link.id;
  v_report.provider_word := provider_word;
  v_report.subscription_status := v_known.subscription_status;
  v_report.rank := v_known.rank;
  v_report.as_of := as_of;
  v_report.charged_at := charged_at;
  v_report.trial_ends_at := trial_ends_at;
  v_report.reported_by := app_private.current_actor_id();
  v_report.received_at := app_hidden.now();
  v_holds := app_private.report_that_holds(v_link, v_report);
  v_report.outcome := case
    when v_report.subscription_status is null then 'unknown_status'
    when v_report.subscription_status = 'pending' then 'unchanged'
    when v_holds.id is distinct from (app_private.report_that_holds(v_link)).id then app_private.follow_report(v_subscription, v_holds)
    -- It ended before, by a report or by somebody's hand.
    when v_subscription.ended_at is not null then app_private.follow_report(v_subscription, v_report)
    else 'superseded'
  end;
  insert into app_public.patient_subscription_reports select v_report.*;

  if v_report.outcome in ('unknown_status', 'illegal_move') then
    perform app_private.publish(
      'patient_subscription.report_unclear', v_link.organization_id, v_link.subscription_id,
      jsonb_build_object('subscriptionId', v_link.subscription_id, 'patientProfileId', v_subscription.patient_profile_id,
                         'provider', v_link.provider, 'reason', v_report.outcome));
  end if;
  return v_report;
end;
$$;

comment on function app_private.report_patient_subscription is
  'Keeps a report and moves the subscription as it says; the report with its outcome, or null when the clinic has linked no such '
  'subscription. The same report again is answered as the first time. VALIDATION in_the_future.';
grant execute on function app_private.report_patient_subscription to app_engine;

create or replace function app_private.linked_subscription(organization_id uuid, provider text, external_reference text)
returns app_public.patient_subscriptions
language sql stable
set search_path = ''
begin atomic
  select patient_subscriptions.*
  from app_public.patient_subscription_links as links
  join app_public.patient_subscriptions
    on patient_subscriptions.organization_id = links.organization_id and patient_subscriptions.id = links.subscription_id
  where links.organization_id = linked_subscription.organization_id
    and links.provider = linked_subscription.provider
    and links.external_reference = linked_subscription.external_reference;
end;

comment on function app_private.linked_subscription is 'The subscription that a provider''s reference is of at a clinic; null when there is none.';
grant execute on function app_private.linked_subscription to app_engine;
