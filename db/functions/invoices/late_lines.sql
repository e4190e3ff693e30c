-- What became known of earlier periods after their bills: usage that was told late, and AI calls whose price was entered late. Each
-- period comes to what it would have come to had all been known, less what was billed; so only what crosses the allowance is billed,
-- and an amount is rounded once however often something comes. BIL-02.

create or replace function app_private.late_lines(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  after_position bigint,
  to_position bigint
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_earlier app_public.billing_periods;
  v_before numeric;
  v_now numeric;
  v_amount bigint;
begin
  for v_earlier in
    select billing_periods.*
    from (
      select usage_records.occurred_at
      from app_public.usage_records
      where usage_records.organization_id = period.organization_id
        and usage_records.position > late_lines.after_position and usage_records.position <= late_lines.to_position
        and usage_records.occurred_at < lower(period.during)
      union
      select usage_records.occurred_at
      from app_public.ai_calls
      join app_public.usage_records
        on usage_records.organization_id = ai_calls.organization_id and usage_records.id = ai_calls.usage_record_id
      where ai_calls.organization_id = period.organization_id
        and ai_calls.priced_position > late_lines.after_position and ai_calls.priced_position <= late_lines.to_position
        and usage_records.occurred_at < lower(period.during)
    ) as late
    join app_public.billing_periods
      on billing_periods.organization_id = period.organization_id
      and billing_periods.subscription_id = period.subscription_id
      and billing_periods.during @> late.occurred_at
      and billing_periods.position < period.position
      and not billing_periods.is_trial
    group by billing_periods.id
    order by billing_periods.position
  loop
    return query
    with rated as (
      select coalesce(now.meter, before.meter) as meter, coalesce(now.tier_version_id, before.tier_version_id) as tier_version_id,
        coalesce(now.starts_on, before.starts_on) as starts_on, coalesce(now.unit_price, before.unit_price) as unit_price,
        coalesce(now.over, 0) - coalesce(before.over, 0) as over, coalesce(now.amount, 0) - coalesce(before.amount, 0) as amount
      from app_private.rate_usage(subscription, v_earlier, late_lines.to_position) as now
      full join app_private.rate_usage(subscription, v_earlier, late_lines.after_position) as before
        on before.meter = now.meter and before.starts_on = now.starts_on
    )
    select 'late_overage', rated.meter, (array_agg(rated.tier_version_id order by rated.starts_on desc))[1],
      v_earlier.starts_on, v_earlier.ends_on, sum(rated.over), (array_agg(rated.unit_price order by rated.starts_on desc))[1],
      sum(rated.amount)::bigint, late_lines.after_position, late_lines.to_position
    from rated
    group by rated.meter
    having sum(rated.amount) <> 0
    order by rated.meter;

    v_before := app_private.ai_amount(subscription, v_earlier, late_lines.after_position);
    v_now := app_private.ai_amount(subscription, v_earlier, late_lines.to_position);
    v_amount := round(v_now)::bigint - round(v_before)::bigint;
    if v_amount <> 0 then
      return next row('late_ai', 'ai_calls', null, v_earlier.starts_on, v_earlier.ends_on, 1, trim_scale(v_now - v_before), v_amount,
                      late_lines.after_position, late_lines.to_position)::app_private.bill_line;
    end if;
  end loop;
end;
$$;

comment on function app_private.late_lines is
  'The lines of what was told of earlier periods between two positions of the clinic''s usage.';
grant execute on function app_private.late_lines to app_engine;
