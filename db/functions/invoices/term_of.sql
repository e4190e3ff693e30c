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
  v_first app_public.billing_periods;
  v_before int;
  v_months int;
begin
  if subscription.cadence = 'monthly' then
    starts_on := period.starts_on;
    ends_on := period.ends_on;
    return;
  end if;
  select count(*) into v_before
  from app_public.billing_periods
  where billing_periods.organization_id = period.organization_id
    and billing_periods.subscription_id = period.subscription_id
    and not billing_periods.is_trial
    and billing_periods.position < period.position;
  select billing_periods.* into strict v_first
  from app_public.billing_periods
  where billing_periods.organization_id = period.organization_id
    and billing_periods.subscription_id = period.subscription_id
    and not billing_periods.is_trial
    and billing_periods.position <= period.position
  order by billing_periods.position
  offset v_before / 12 * 12
  limit 1;
  starts_on := v_first.starts_on;
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
