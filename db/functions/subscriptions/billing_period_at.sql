-- In which billing period of a clinic an instant lies. One that has begun and that the clock has not opened yet is answered as it will be,
-- without an id, so that nothing is counted elsewhere in between. BIL-02, FND-24.

create or replace function app_private.billing_period_at(organization_id uuid, at timestamptz) returns app_public.billing_periods
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
begin
  select billing_periods.* into v_period
  from app_public.billing_periods
  where billing_periods.organization_id = billing_period_at.organization_id
    and billing_periods.during @> billing_period_at.at
  order by billing_periods.subscription_id desc
  limit 1;
  if found then
    return v_period;
  end if;

  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = billing_period_at.organization_id
    and subscriptions.status in ('trialing', 'active', 'past_due', 'suspended');
  if not found then
    return null;
  end if;
  v_period := app_private.last_period(v_subscription);
  while upper(v_period.during) <= billing_period_at.at
    and (v_subscription.cancels_on is null or v_period.ends_on < v_subscription.cancels_on) loop
    v_period := app_private.period_after(v_subscription, v_period);
    if v_period.during @> billing_period_at.at then
      return v_period;
    end if;
  end loop;
  return null;
end;
$$;

comment on function app_private.billing_period_at is
  'The billing period of a clinic at an instant; null where it had none. Without an id, and closed at no time, where it is not opened yet.';
grant execute on function app_private.billing_period_at to app_engine;

create or replace function app_private.last_period(subscription app_public.organization_subscriptions) returns app_public.billing_periods
language sql stable
set search_path = ''
begin atomic
  select billing_periods.*
  from app_public.billing_periods
  where billing_periods.organization_id = (subscription).organization_id
    and billing_periods.subscription_id = (subscription).id
  order by billing_periods.position desc
  limit 1;
end;

comment on function app_private.last_period is 'The period of a subscription that was opened last.';
grant execute on function app_private.last_period to app_engine;

create or replace function app_private.period_after(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns app_public.billing_periods
language plpgsql stable
set search_path = ''
as $$
declare
  v_next app_public.billing_periods;
begin
  v_next.organization_id := subscription.organization_id;
  v_next.subscription_id := subscription.id;
  v_next.position := period.position + 1;
  v_next.starts_on := period.ends_on;
  v_next.ends_on := app_private.month_day(
    subscription.anchor_on, app_private.month_number(subscription.anchor_on, period.ends_on) + 1);
  v_next.during := tstzrange(
    app_private.day_starts(v_next.starts_on, subscription.timezone), app_private.day_starts(v_next.ends_on, subscription.timezone));
  v_next.is_trial := false;
  -- A year that is paid goes on to its end, whatever was chosen meanwhile.
  v_next.cadence := case when app_private.term_ends_on(subscription, period) > period.ends_on then 'annual' else subscription.cadence end;
  return v_next;
end;
$$;

comment on function app_private.period_after is 'The period that follows, as a draft without an id: a month from where this one ends.';
grant execute on function app_private.period_after to app_engine;
