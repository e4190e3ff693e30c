-- Computes again everything that a clinic was ever billed, and tells each difference. BIL-02.

create or replace function app_private.verify_bills(organization_id uuid)
returns table (problem text, invoice_id uuid, period_id uuid, expected jsonb, found jsonb)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_lines jsonb;
  v_net numeric;
  v_carried bigint := 0;
  v_subscription_id uuid;
  v_inputs jsonb;
begin
  for v_bill in
    select period_bills.* from app_public.period_bills
    where period_bills.organization_id = verify_bills.organization_id
    order by period_bills.subscription_id, period_bills.position
  loop
    if v_subscription_id is distinct from v_bill.subscription_id then
      v_carried := 0;
      v_subscription_id := v_bill.subscription_id;
    end if;
    select billing_periods.* into strict v_period
    from app_public.billing_periods
    where billing_periods.organization_id = v_bill.organization_id and billing_periods.id = v_bill.period_id;
    v_subscription := app_private.subscription_of(v_period);
    select coalesce(jsonb_agg(to_jsonb(line)), '[]'), coalesce(sum(line.amount), 0) into v_lines, v_net
    from (
      select * from app_private.bill_lines(v_bill.organization_id, v_bill.period_id, v_bill.usage_position)
      where v_bill.kind = 'period'
      union all
      select * from app_private.advance_lines(v_bill.organization_id, v_bill.period_id, v_bill.tier_version_id)
      where v_bill.kind = 'advance'
    ) as line;
    if v_carried < 0 and v_carried + v_net > 0 then
      v_lines := v_lines || to_jsonb(
        row('credit', null, null, v_period.starts_on, v_period.ends_on, -1, -v_carried, v_carried, null, null)::app_private.bill_line);
    end if;
    if v_lines <> v_bill.lines then
      return query select 'lines_differ', v_bill.invoice_id, v_bill.period_id, v_lines, v_bill.lines;
    end if;
    if v_net <> v_bill.net_amount or v_carried <> v_bill.carried_before then
      return query select 'amount_differs', v_bill.invoice_id, v_bill.period_id,
        jsonb_build_object('net', v_net, 'carried', v_carried),
        jsonb_build_object('net', v_bill.net_amount, 'carried', v_bill.carried_before);
    end if;

    v_invoice := null;
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    if (v_invoice.id is not null) <> (v_carried + v_net > 0) then
      return query select 'invoice_missing', v_bill.invoice_id, v_bill.period_id, to_jsonb(v_carried + v_net), null::jsonb;
    elsif v_invoice.id is not null then
      v_inputs := app_private.bill_inputs(v_subscription, v_period, v_bill.kind, v_bill.tier_version_id, v_bill.usage_position, v_carried);
      return query select problems.* from app_private.verify_invoice(v_invoice, v_lines, v_inputs) as problems;
    end if;
    v_carried := least(v_carried + v_net, 0);
  end loop;

  return query
  select 'invoice_without_period', invoices.id, invoices.period_id, null::jsonb, to_jsonb(invoices.net_amount)
  from app_public.invoices
  where invoices.organization_id = verify_bills.organization_id
    and not exists (
      select from app_public.period_bills
      where period_bills.organization_id = invoices.organization_id and period_bills.invoice_id = invoices.id);

  return query
  select 'postings_not_balanced', case postings.document_kind when 'invoice' then postings.document_id end, null::uuid, to_jsonb(0),
    to_jsonb(sum(postings.amount))
  from app_private.postings
  where postings.organization_id = verify_bills.organization_id
  group by postings.document_kind, postings.document_id, postings.currency
  having sum(postings.amount) <> 0;
end;
$$;

comment on function app_private.verify_bills is
  'Each difference between what a clinic was billed and what it comes to when it is computed again.';
grant execute on function app_private.verify_bills to app_engine;
