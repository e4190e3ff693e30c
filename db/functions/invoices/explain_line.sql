-- The usage behind a line of an invoice: the very records that it was computed from. BIL-02, BIL-06.

set role app_engine;

create or replace function app_public.explain_line(line_id uuid) returns setof app_public.usage_records
language plpgsql stable security definer rows 100
set search_path = ''
as $$
declare
  v_line app_public.invoice_lines;
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_from timestamptz;
  v_until timestamptz;
begin
  select invoice_lines.* into v_line from app_public.invoice_lines where invoice_lines.id = explain_line.line_id;
  perform app_private.require_billing_view(v_line.organization_id);
  if v_line.usage_to_position is null then
    return;
  end if;
  select organization_subscriptions.* into strict v_subscription
  from app_public.invoices
  join app_public.organization_subscriptions
    on organization_subscriptions.organization_id = invoices.organization_id
    and organization_subscriptions.id = invoices.subscription_id
  where invoices.organization_id = v_line.organization_id and invoices.id = v_line.invoice_id;
  select billing_periods.* into strict v_period
  from app_public.billing_periods
  where billing_periods.organization_id = v_line.organization_id
    and billing_periods.subscription_id = v_subscription.id
    and billing_periods.starts_on <= v_line.starts_on and billing_periods.ends_on >= v_line.ends_on;
  v_from := case when v_line.starts_on = v_period.starts_on then lower(v_period.during)
              else v_line.starts_on::timestamp at time zone v_subscription.timezone end;
  v_until := least(
    case when v_line.ends_on = v_period.ends_on then upper(v_period.during)
      else v_line.ends_on::timestamp at time zone v_subscription.timezone end,
    v_subscription.ended_at);

  if v_line.kind in ('ai', 'late_ai') then
    return query
    select usage_records.*
    from app_public.usage_records
    join app_public.ai_calls
      on ai_calls.organization_id = usage_records.organization_id and ai_calls.usage_record_id = usage_records.id
    where usage_records.organization_id = v_line.organization_id and usage_records.meter = 'ai_calls'
      and usage_records.occurred_at >= v_from and usage_records.occurred_at < v_until
      and ai_calls.currency = v_subscription.currency
      and ai_calls.priced_position > v_line.usage_after_position and ai_calls.priced_position <= v_line.usage_to_position
    order by usage_records.occurred_at, usage_records.position;
  else
    return query
    select usage_records.*
    from app_public.usage_records
    where usage_records.organization_id = v_line.organization_id and usage_records.meter = v_line.meter
      and usage_records.occurred_at >= v_from and usage_records.occurred_at < v_until
      and usage_records.position > v_line.usage_after_position and usage_records.position <= v_line.usage_to_position
    order by usage_records.occurred_at, usage_records.position;
  end if;
end;
$$;

comment on function app_public.explain_line is
  'The records of usage that a line of an invoice was computed from, the earliest first: of one for overage all of its meter and time, '
  'of one told late those that came after the bill before. None for a line without usage. Needs billing.view.';
grant execute on function app_public.explain_line to app_member;

reset role;
