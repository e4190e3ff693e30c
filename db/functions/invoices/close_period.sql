-- A period that ended is billed, in one transaction, once: whoever calls it again, at the same time or after a crash, gets the invoice
-- that is there. BIL-02.

create or replace function app_private.close_period(organization_id uuid, period_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_position bigint;
  v_lines app_private.bill_line[];
begin
  v_period := app_private.period_to_bill(close_period.organization_id, close_period.period_id);
  v_subscription := app_private.subscription_of(v_period);
  select period_bills.* into v_bill
  from app_public.period_bills
  where period_bills.organization_id = v_period.organization_id
    and period_bills.period_id = v_period.id and period_bills.kind = 'period';
  if found then
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    return v_invoice;
  end if;

  if upper(v_period.during) > app_hidden.now() and v_subscription.ended_at is null then
    perform app_hidden.refuse('STATE', 'period_has_not_ended', jsonb_build_object('periodId', v_period.id));
  elsif exists (
    select from app_public.billing_periods
    where billing_periods.organization_id = v_period.organization_id
      and billing_periods.subscription_id = v_period.subscription_id
      and billing_periods.position < v_period.position
      and billing_periods.closed_at is null)
  then
    perform app_hidden.refuse('STATE', 'earlier_period_is_open', jsonb_build_object('periodId', v_period.id));
  end if;

  v_position := app_private.usage_watermark(v_period.organization_id);
  perform app_private.compare_usage(v_period, v_position);
  select array_agg(line) into v_lines
  from app_private.bill_lines(v_period.organization_id, v_period.id, v_position) as line;
  v_invoice := app_private.write_bill(
    v_subscription, v_period, 'period', app_private.version_on(v_subscription, v_period.ends_on - 1), v_position, v_lines);
  update app_public.billing_periods set closed_at = app_hidden.now()
  where billing_periods.organization_id = v_period.organization_id and billing_periods.id = v_period.id;
  return v_invoice;
end;
$$;

comment on function app_private.close_period is
  'Bills what was used in a period that ended and changes of the plan within it; null where there is nothing to pay. STATE '
  'period_has_not_ended, unless the subscription ended; earlier_period_is_open.';
grant execute on function app_private.close_period to app_engine;

create or replace function app_private.period_to_bill(organization_id uuid, period_id uuid) returns app_public.billing_periods
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
begin
  perform from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = period_to_bill.organization_id
    and organization_subscriptions.id = (
      select billing_periods.subscription_id from app_public.billing_periods
      where billing_periods.organization_id = period_to_bill.organization_id and billing_periods.id = period_to_bill.period_id)
  for no key update;
  select billing_periods.* into v_period
  from app_public.billing_periods
  where billing_periods.organization_id = period_to_bill.organization_id and billing_periods.id = period_to_bill.period_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_period;
end;
$$;

comment on function app_private.period_to_bill is 'The period, once its subscription is locked.';
grant execute on function app_private.period_to_bill to app_engine;
