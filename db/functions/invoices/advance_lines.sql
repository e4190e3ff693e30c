-- What is billed before a period: the price of the plan where a month or a year begins, and once what setting a dedicated server up
-- costs. BIL-02.

create or replace function app_private.advance_lines(organization_id uuid, period_id uuid, tier_version_id uuid default null)
returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
  v_term record;
  v_version uuid := advance_lines.tier_version_id;
  v_price app_public.platform_tier_prices;
begin
  select billing_periods.* into strict v_period
  from app_public.billing_periods
  where billing_periods.organization_id = advance_lines.organization_id and billing_periods.id = advance_lines.period_id;
  v_subscription := app_private.subscription_of(v_period);
  select term.* into v_term from app_private.term_of(v_subscription, v_period) as term where not v_period.is_trial;
  if v_term.starts_on is distinct from v_period.starts_on then
    return;
  end if;
  v_version := coalesce(v_version, app_private.version_on(v_subscription, v_period.starts_on));
  v_price := app_private.plan_price(v_subscription, v_version);

  return query select * from app_private.plan_line(v_subscription, v_version, v_term.starts_on, v_term.ends_on);
  if v_subscription.tenancy_mode = 'dedicated' and v_price.setup_amount <> 0 and not exists (
    select from app_public.billing_periods
    where billing_periods.organization_id = v_period.organization_id
      and billing_periods.subscription_id = v_period.subscription_id
      and not billing_periods.is_trial
      and billing_periods.position < v_period.position)
  then
    return next row('setup', null, v_version, v_term.starts_on, v_term.starts_on + 1, 1, v_price.setup_amount, v_price.setup_amount, null, null)::app_private.bill_line;
  end if;
end;
$$;

comment on function app_private.advance_lines is
  'The lines that are billed when a period begins, by the version that holds on its first day or by this one. None for a trial, or '
  'within a year that was billed.';
grant execute on function app_private.advance_lines to app_engine;

create or replace function app_private.plan_line(
  subscription app_public.organization_subscriptions, tier_version_id uuid, starts_on date, ends_on date
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_amount constant bigint := app_private.term_amount(subscription, plan_line.tier_version_id);
begin
  if v_amount <> 0 then
    return next row(
      'plan', null, plan_line.tier_version_id, plan_line.starts_on, plan_line.ends_on, 1, v_amount, v_amount, null, null)::app_private.bill_line;
  end if;
end;
$$;

comment on function app_private.plan_line is 'The line that bills the price of a version for a term; none where it costs nothing.';
grant execute on function app_private.plan_line to app_engine;

create or replace function app_private.version_on(subscription app_public.organization_subscriptions, day date) returns uuid
language sql stable
set search_path = ''
as $$
  select days.tier_version_id from app_private.tier_days(subscription, day, day + 1) as days
$$;

comment on function app_private.version_on is 'Which version of a tier a subscription has on a day.';
grant execute on function app_private.version_on to app_engine;
