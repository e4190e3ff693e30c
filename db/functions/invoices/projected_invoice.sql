-- What the running period comes to so far, by the very function that will bill it. BIL-02, BIL-06.

set role app_engine;

create or replace function app_public.projected_invoice(organization_id uuid)
returns table (
  kind text, meter text, starts_on date, ends_on date, descriptions jsonb, quantity numeric, unit_price numeric, amount bigint
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform app_private.require_billing_view(projected_invoice.organization_id);
  return query
  select line.kind, line.meter, line.starts_on, line.ends_on, app_private.line_descriptions(line), line.quantity, line.unit_price,
    line.amount
  from app_public.billing_periods
  cross join lateral app_private.bill_lines(billing_periods.organization_id, billing_periods.id,
    app_private.last_usage_position(projected_invoice.organization_id)) as line
  where billing_periods.organization_id = projected_invoice.organization_id
    and billing_periods.during @> app_hidden.now()
    and billing_periods.closed_at is null;
end;
$$;

comment on function app_public.projected_invoice is
  E'@words kind invoice_lines.kind\n@nullable meter\n@answer endsOn The first day that it is not of.\n'
  'The lines that the running period of a clinic comes to so far: changes of the plan, usage beyond the included, AI calls, '
  'and what became known of earlier periods. The price of the plan is not among them: it is billed in advance. Needs billing.view.';
grant execute on function app_public.projected_invoice to app_member;

reset role;
