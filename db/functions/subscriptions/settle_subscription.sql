-- What time makes due of a clinic's subscription: that its trial ends soon is told, periods end and begin, payments are tried again, it is
-- suspended, it ends. One transaction a subscription; killed anywhere, the next run does all of it. Locked first, so of two runs the
-- second finds nothing due. BIL-01, BIL-02, BIL-05, docs/decisions/0176.

set role app_engine;

create or replace function app_private.settle_subscription(organization_id uuid, subscription_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions := app_private.lock_organization_subscription(
    settle_subscription.organization_id, settle_subscription.subscription_id);
begin
  if v_subscription.settle_at <= app_hidden.now() then
    perform app_private.settle(v_subscription);
  end if;
end;
$$;

comment on function app_private.settle_subscription is 'Does for one subscription what time has made due. A second time does nothing.';
grant execute on function app_private.settle_subscription to app_worker;

create or replace function app_private.due_subscriptions(
  up_to int, after_due_at timestamptz default null, after_subscription_id uuid default null
) returns table (organization_id uuid, subscription_id uuid, due_at timestamptz)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return query
    select subscriptions.organization_id, subscriptions.id, subscriptions.settle_at
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.settle_at <= app_hidden.now()
      and (after_due_at is null or (subscriptions.settle_at, subscriptions.id) > (after_due_at, after_subscription_id))
    order by subscriptions.settle_at, subscriptions.id
    limit up_to;
end;
$$;

comment on function app_private.due_subscriptions is
  'Subscriptions that are due, the oldest first, up to so many, after the last one of the page before: whoever could not be settled is passed.';
grant execute on function app_private.due_subscriptions to app_worker;

reset role;

create or replace function app_private.settle(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions := subscription;
begin
  if v_subscription.status = 'pending' then
    return v_subscription;
  end if;
  perform app_private.tell_of_trial(v_subscription);
  v_subscription := app_private.go_through_periods(v_subscription);
  if v_subscription.status <> 'canceled' then
    perform app_private.retry_payments(v_subscription);
    v_subscription := app_private.end_what_stays_unpaid(app_private.judge_subscription(v_subscription));
  end if;
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_private.settle is 'Brings a locked subscription up to now.';
grant execute on function app_private.settle to app_engine;

create or replace function app_private.tell_of_trial(subscription app_public.organization_subscriptions) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update app_public.organization_subscriptions set trial_told_at = app_hidden.now()
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
    and organization_subscriptions.status = 'trialing' and organization_subscriptions.trial_told_at is null
    and organization_subscriptions.trial_ends_at - interval '7 days' <= app_hidden.now()
    and app_hidden.now() < organization_subscriptions.trial_ends_at;
  if found then
    perform app_private.publish(
      'subscription.trial_ending', subscription.organization_id, subscription.id,
      jsonb_build_object('subscriptionId', subscription.id, 'trialEndsAt', subscription.trial_ends_at));
  end if;
end;
$$;

comment on function app_private.tell_of_trial is 'Publishes, once, that a trial ends within a week.';
grant execute on function app_private.tell_of_trial to app_engine;

-- The period that ended is closed before the next one begins: what was used comes before what is paid in advance.
create or replace function app_private.go_through_periods(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions := subscription;
  v_period app_public.billing_periods := app_private.last_period(subscription);
begin
  while upper(v_period.during) <= app_hidden.now() loop
    if v_subscription.cancels_on <= v_period.ends_on then
      return app_private.end_organization_subscription(
        v_subscription, v_subscription.status_reason, upper(v_period.during));
    end if;
    perform app_private.close_billing_period(v_period);
    if v_period.is_trial then
      v_subscription := app_private.set_subscription_state(v_subscription, 'active', null);
    end if;
    v_period := app_private.open_billing_period(app_private.period_after(v_subscription, v_period));
    -- What was billed may have moved it.
    select subscriptions.* into strict v_subscription
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.organization_id = v_subscription.organization_id and subscriptions.id = v_subscription.id;
  end loop;
  return v_subscription;
end;
$$;

comment on function app_private.go_through_periods is
  'Closes the periods of a locked subscription that are over, each before the next one is opened; ends it where it was to end.';
grant execute on function app_private.go_through_periods to app_engine;
