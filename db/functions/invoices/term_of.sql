-- What the price of a plan is for: the month of a period, or the year that it is in. BIL-02.
-- Counted from the anchor day each time, so that 31 January, 28 February and 31 March follow each other.

create or replace function app_private.term_of(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  out starts_on date,
  out ends_on date
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_monthly int;
  v_before int;
  v_months int;
begin
  if app_private.cadence_of(subscription, period) = 'monthly' then
    starts_on := period.starts_on;
    ends_on := period.ends_on;
    return;
  end if;
  -- Years are counted from the first period that is billed by the year.
  select coalesce(max(billing_periods.position), 0) into v_monthly
  from app_public.billing_periods
  where billing_periods.organization_id = period.organization_id
    and billing_periods.subscription_id = period.subscription_id
    and (billing_periods.is_trial or app_private.cadence_of(subscription, billing_periods) = 'monthly')
    and billing_periods.position < period.position;
  v_before := period.position - v_monthly - 1;
  select billing_periods.starts_on into starts_on
  from app_public.billing_periods
  where billing_periods.organization_id = period.organization_id
    and billing_periods.subscription_id = period.subscription_id
    and billing_periods.position = v_monthly + v_before / 12 * 12 + 1;
  starts_on := coalesce(starts_on, period.starts_on);
  v_months := (extract(year from starts_on) - extract(year from subscription.anchor_on)) * 12
    + extract(month from starts_on) - extract(month from subscription.anchor_on);
  ends_on := case
    when (subscription.anchor_on + make_interval(months => v_months))::date = starts_on
      then subscription.anchor_on + make_interval(months => v_months + 12)
    else starts_on + interval '1 year'
  end;
end;
$$;

comment on function app_private.term_of is 'The first day that the price of the plan is for, and the first that it is not for.';
grant execute on function app_private.term_of to app_engine;
