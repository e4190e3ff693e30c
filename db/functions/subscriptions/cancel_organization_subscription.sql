-- A clinic's subscription is canceled: at the end of what is paid for, or at once. BIL-01.

set role app_engine;

create or replace function app_public.cancel_organization_subscription(
  organization_id uuid,
  reason text default null,
  at_period_end boolean default true
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
begin
  if not at_period_end or v_subscription.status = 'pending' then
    return app_private.end_organization_subscription(v_subscription, v_reason);
  end if;
  return app_private.plan_subscription_end(
    v_subscription, app_private.term_ends_on(v_subscription, app_private.last_period(v_subscription)), 'asked', v_reason);
end;
$$;

comment on function app_public.cancel_organization_subscription is
  E'@arg reason Why; a superadmin has to say.\n'
  '@arg atPeriodEnd Whether it goes on to the end of its month, its year or its trial. What is canceled at once is not paid back by that.\n'
  'Cancels the subscription of a clinic. Needs billing.manage, or a superadmin with a reason. NOT_FOUND clinic_not_subscribed.';
grant execute on function app_public.cancel_organization_subscription to app_member;

create or replace function app_public.resume_organization_subscription(
  organization_id uuid,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
begin
  if v_subscription.cancels_on is null then
    perform app_hidden.refuse('STATE', 'subscription_does_not_end');
  elsif v_subscription.cancels_because = 'unpaid' then
    perform app_hidden.refuse('STATE', 'subscription_is_unpaid');
  end if;
  update app_public.organization_subscriptions set cancels_on = null, cancels_because = null, status_reason = v_reason
  where organization_subscriptions.organization_id = v_subscription.organization_id
    and organization_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  perform app_private.publish(
    'subscription.resumed', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id));
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_public.resume_organization_subscription is
  E'@arg reason Why; a superadmin has to say.\n'
  'Lets a subscription go on that was to end. Needs billing.manage, or a superadmin with a reason. NOT_FOUND clinic_not_subscribed; '
  'STATE subscription_does_not_end, subscription_is_unpaid.';
grant execute on function app_public.resume_organization_subscription to app_member;

reset role;

create or replace function app_private.term_ends_on(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns date
language plpgsql stable
set search_path = ''
as $$
begin
  if period.is_trial then
    return period.ends_on;
  end if;
  return (app_private.term_of(subscription, period)).ends_on;
end;
$$;

comment on function app_private.term_ends_on is
  'The first day after what is paid in advance together with this period: its month, its year, or the trial.';
grant execute on function app_private.term_ends_on to app_engine;

create or replace function app_private.plan_subscription_end(
  subscription app_public.organization_subscriptions, cancels_on date, because text, reason text
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set
    cancels_on = plan_subscription_end.cancels_on, cancels_because = because, status_reason = reason
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  perform app_private.publish(
    'subscription.end_planned', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id, 'because', because,
                       'endsAt', app_private.day_starts(v_subscription.cancels_on, v_subscription.timezone)));
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_private.plan_subscription_end is 'Notes from which day on a locked subscription does not go on, and publishes it.';
grant execute on function app_private.plan_subscription_end to app_engine;
