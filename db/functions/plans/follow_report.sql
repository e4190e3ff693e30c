-- A subscription goes where a report that holds says. BIL-09, CAT-06.
-- Whoever is behind with a payment has begun: where the report of the beginning is still on its way, the subscription begins first.

create or replace function app_private.follow_report(
  subscription app_public.patient_subscriptions,
  report app_public.patient_subscription_reports
) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now constant timestamptz := app_hidden.now();
  v_began_at constant timestamptz := least(report.as_of, v_now);
  v_trial_ends_at constant timestamptz := coalesce(report.trial_ends_at, subscription.trial_ends_at);
  v_subscription app_public.patient_subscriptions := subscription;
begin
  if subscription.status in ('canceled', 'expired') then
    -- A last bill may be paid after the end.
    return case when report.subscription_status in ('canceled', 'expired') or report.charged_at is not null then 'unchanged' else 'illegal_move' end;
  end if;

  if report.subscription_status = 'trialing' then
    if v_trial_ends_at is null then
      perform app_hidden.refuse('VALIDATION', 'trial_needs_an_end', '{"field": "trialEndsAt"}');
    end if;
    update app_public.patient_subscriptions set trial_ends_at = v_trial_ends_at
    where patient_subscriptions.id = subscription.id
      and patient_subscriptions.trial_ends_at is distinct from v_trial_ends_at
    returning * into v_subscription;
    if not found then
      v_subscription := subscription;
    end if;
  end if;
  if subscription.status = report.subscription_status then
    return case when v_subscription.trial_ends_at is distinct from subscription.trial_ends_at then 'applied' else 'unchanged' end;
  end if;

  if subscription.status = 'pending' and report.subscription_status = 'past_due' then
    v_subscription := app_private.set_subscription_status(v_subscription, 'active', v_began_at);
  end if;
  perform app_private.set_subscription_status(
    v_subscription, report.subscription_status,
    case when v_subscription.status = 'pending' and report.subscription_status in ('trialing', 'active') then v_began_at else v_now end);
  -- Months may have passed since it began.
  perform app_private.settle_patient_plans(subscription.organization_id, subscription.patient_profile_id);
  return 'applied';
end;
$$;

comment on function app_private.follow_report is 'Moves a subscription whose patient is locked as a report says; what came of it, in a word.';
grant execute on function app_private.follow_report to app_engine;
