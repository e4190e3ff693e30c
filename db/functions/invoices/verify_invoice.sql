-- Holds an issued invoice against what it comes to when it is computed again. BIL-02.

create or replace function app_private.verify_invoice(invoice app_public.invoices, lines jsonb, inputs jsonb)
returns table (problem text, invoice_id uuid, period_id uuid, expected jsonb, found jsonb)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_found jsonb;
begin
  select coalesce(jsonb_agg(to_jsonb((line.kind, line.meter, line.tier_version_id, line.starts_on, line.ends_on, line.quantity,
      line.unit_price, line.amount, line.usage_after_position, line.usage_to_position)::app_private.bill_line) order by line.position), '[]')
  into v_found
  from app_public.invoice_lines as line
  where line.organization_id = invoice.organization_id and line.invoice_id = invoice.id;
  if v_found <> lines then
    return query select 'invoice_lines_differ', invoice.id, invoice.period_id, lines, v_found;
  end if;
  if invoice.net_amount <> (select coalesce(sum((line ->> 'amount')::bigint), 0) from jsonb_array_elements(v_found) as line) then
    return query select 'net_amount_differs', invoice.id, invoice.period_id, null::jsonb, to_jsonb(invoice.net_amount);
  end if;
  if invoice.inputs <> verify_invoice.inputs then
    return query select 'inputs_differ', invoice.id, invoice.period_id, verify_invoice.inputs, invoice.inputs;
  end if;
  if invoice.inputs_hash <> app_private.inputs_digest(invoice.inputs, invoice.billed_to) then
    return query select 'hash_differs', invoice.id, invoice.period_id,
      to_jsonb(encode(app_private.inputs_digest(invoice.inputs, invoice.billed_to), 'hex')), to_jsonb(encode(invoice.inputs_hash, 'hex'));
  end if;
  if invoice.total_amount <> invoice.net_amount + coalesce(invoice.tax_amount, 0) then
    return query select 'provider_total_differs', invoice.id, invoice.period_id,
      to_jsonb(invoice.net_amount + coalesce(invoice.tax_amount, 0)), to_jsonb(invoice.total_amount);
  end if;
  return query
  select 'revenue_differs', invoice.id, invoice.period_id, to_jsonb(-invoice.net_amount), to_jsonb(posted.amount)
  from (
    select coalesce(sum(postings.amount), 0) as amount
    from app_private.postings
    where postings.organization_id = invoice.organization_id and postings.document_kind = 'invoice'
      and postings.document_id = invoice.id and postings.account in ('plan_revenue', 'overage_revenue', 'ai_revenue')
  ) as posted
  where posted.amount <> -invoice.net_amount;
end;
$$;

comment on function app_private.verify_invoice is
  'Each difference between an invoice and the lines and inputs that it should have.';
grant execute on function app_private.verify_invoice to app_engine;
