-- What a period comes to becomes an invoice, where it is more than nothing: lines, postings, number, event and jobs in the transaction of
-- the close. What comes to less than nothing is carried over to the next. BIL-02, BIL-03, BIL-10.
-- Whoever calls it has locked the subscription and then the position of the usage.

create or replace function app_private.write_bill(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  kind text,
  tier_version_id uuid,
  to_position bigint,
  lines app_private.bill_line[]
) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_last app_public.period_bills;
  v_invoice app_public.invoices;
  v_net bigint;
  v_carried bigint;
  v_lines app_private.bill_line[] := coalesce(write_bill.lines, '{}');
begin
  select period_bills.* into v_last
  from app_public.period_bills
  where period_bills.organization_id = subscription.organization_id and period_bills.subscription_id = subscription.id
  order by period_bills.position desc
  limit 1;
  select coalesce(sum(line.amount), 0) into v_net from unnest(v_lines) as line;
  v_carried := coalesce(v_last.carried_after, 0);

  if v_carried + v_net > 0 then
    if v_carried < 0 then
      v_lines := v_lines
        || row('credit', null, null, period.starts_on, period.ends_on, -1, -v_carried, v_carried, null, null)::app_private.bill_line;
    end if;
    v_invoice := app_private.draft_invoice(
      subscription, period, write_bill.kind, v_carried + v_net, to_position,
      app_private.bill_inputs(subscription, period, write_bill.kind, write_bill.tier_version_id, to_position, v_carried));
    insert into app_public.invoice_lines
      (organization_id, invoice_id, position, kind, meter, tier_version_id, starts_on, ends_on, descriptions, quantity, unit_price,
       amount, usage_after_position, usage_to_position)
    select v_invoice.organization_id, v_invoice.id, line.place, line.kind, line.meter, line.tier_version_id, line.starts_on, line.ends_on,
      app_private.line_descriptions((line.kind, line.meter, line.tier_version_id, line.starts_on, line.ends_on, line.quantity,
        line.unit_price, line.amount, line.usage_after_position, line.usage_to_position)::app_private.bill_line),
      line.quantity, line.unit_price, line.amount, line.usage_after_position, line.usage_to_position
    from unnest(v_lines) with ordinality as line
      (kind, meter, tier_version_id, starts_on, ends_on, quantity, unit_price, amount, usage_after_position, usage_to_position, place);
    v_invoice := app_private.issue_invoice(v_invoice, subscription);
  end if;

  insert into app_public.period_bills
    (organization_id, subscription_id, period_id, position, kind, tier_version_id, usage_position, net_amount, carried_before,
     carried_after, invoice_id, lines, created_at)
  values
    (subscription.organization_id, subscription.id, period.id, coalesce(v_last.position, 0) + 1, write_bill.kind,
     write_bill.tier_version_id, to_position, v_net, v_carried, case when v_invoice.id is null then v_carried + v_net else 0 end,
     v_invoice.id, to_jsonb(v_lines), app_hidden.now());
  return v_invoice;
end;
$$;

comment on function app_private.write_bill is
  'Writes down what a period comes to, and issues its invoice; null where nothing is to be paid.';
grant execute on function app_private.write_bill to app_engine;
