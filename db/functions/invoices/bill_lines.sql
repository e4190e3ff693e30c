-- What a period comes to by the usage up to a position: the very function that bills, and that projects what will be billed. BIL-02.

create or replace function app_private.bill_lines(organization_id uuid, period_id uuid, to_position bigint)
returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
  v_after bigint;
  v_cost numeric;
begin
  select billing_periods.* into strict v_period
  from app_public.billing_periods
  where billing_periods.organization_id = bill_lines.organization_id and billing_periods.id = bill_lines.period_id;
  if v_period.is_trial then
    return;
  end if;
  v_subscription := app_private.subscription_of(v_period);
  v_after := app_private.billed_position(v_period);

  return query select * from app_private.tier_changes_of(v_subscription, v_period);

  return query
  select 'overage', rated.meter, rated.tier_version_id, rated.starts_on, rated.ends_on, rated.over, rated.unit_price, rated.amount,
    0::bigint, bill_lines.to_position
  from app_private.rate_usage(v_subscription, v_period, bill_lines.to_position) as rated
  where rated.amount <> 0
  order by rated.meter, rated.starts_on;

  v_cost := app_private.ai_amount(v_subscription, v_period, bill_lines.to_position);
  if round(v_cost) <> 0 then
    return next row('ai', 'ai_calls', null, v_period.starts_on, v_period.ends_on, 1, trim_scale(v_cost), round(v_cost)::bigint,
                    0, bill_lines.to_position)::app_private.bill_line;
  end if;

  return query select * from app_private.late_lines(v_subscription, v_period, v_after, bill_lines.to_position);
end;
$$;

comment on function app_private.bill_lines is
  'The lines of a period but for the price of the plan, which is billed in advance: changes of the plan, overage, AI calls, and what '
  'became known of earlier periods. None for a trial.';
grant execute on function app_private.bill_lines to app_engine;

create or replace function app_private.billed_position(period app_public.billing_periods) returns bigint
language sql stable
set search_path = ''
as $$
  select coalesce((
    select period_bills.usage_position
    from app_public.billing_periods
    join app_public.period_bills
      on period_bills.organization_id = billing_periods.organization_id
      and period_bills.period_id = billing_periods.id and period_bills.kind = 'period'
    where billing_periods.organization_id = (period).organization_id
      and billing_periods.subscription_id = (period).subscription_id
      and billing_periods.position < (period).position
    order by billing_periods.position desc
    limit 1), 0)
$$;

comment on function app_private.billed_position is 'Up to which position of the usage the periods before this one were billed.';
grant execute on function app_private.billed_position to app_engine;
