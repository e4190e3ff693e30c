-- A period begins: the price of the plan is billed in advance, once. BIL-02.

create or replace function app_private.open_period_invoice(organization_id uuid, period_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_version uuid;
  v_lines app_private.bill_line[];
begin
  v_period := app_private.period_to_bill(open_period_invoice.organization_id, open_period_invoice.period_id);
  v_subscription := app_private.subscription_of(v_period);
  select period_bills.* into v_bill
  from app_public.period_bills
  where period_bills.organization_id = v_period.organization_id
    and period_bills.period_id = v_period.id and period_bills.kind = 'advance';
  if found then
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    return v_invoice;
  end if;

  v_version := app_private.version_on(v_subscription, v_period.starts_on);
  select array_agg(line) into v_lines
  from app_private.advance_lines(v_period.organization_id, v_period.id, v_version) as line;
  return app_private.write_bill(v_subscription, v_period, 'advance', v_version, 0, v_lines);
end;
$$;

comment on function app_private.open_period_invoice is
  'Bills the price of the plan for a period that begins, or for the year that begins with it; null where there is nothing to pay.';
grant execute on function app_private.open_period_invoice to app_engine;
