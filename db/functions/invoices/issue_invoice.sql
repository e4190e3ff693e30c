-- A draft is numbered and final: its postings, its event, and the jobs that issue it at the provider and take the money. BIL-02, BIL-07.

create or replace function app_private.issue_invoice(
  draft app_public.invoices, subscription app_public.organization_subscriptions
) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone subscription.timezone)::date;
  v_number record;
  v_invoice app_public.invoices;
begin
  perform app_private.post('invoice', draft.id, draft.organization_id, draft.currency, (
    select jsonb_object_agg(entry.account, entry.amount)
    from (
      select 'receivable' as account, draft.net_amount as amount
      union all
      select case when invoice_lines.kind in ('overage', 'late_overage') then 'overage_revenue'
                  when invoice_lines.kind in ('ai', 'late_ai') then 'ai_revenue' else 'plan_revenue' end,
        -sum(invoice_lines.amount)
      from app_public.invoice_lines
      where invoice_lines.organization_id = draft.organization_id and invoice_lines.invoice_id = draft.id
      group by 1
    ) as entry));
  select taken.series, taken.number into strict v_number from app_private.next_number('invoice') as taken;
  update app_public.invoices set
    status = 'issued',
    series = v_number.series,
    number = v_number.number,
    issued_at = app_hidden.now(),
    due_on = v_today + app_private.days_to_pay(subscription.provider),
    tax_state = case when draft.provider = 'fgo' then 'queued' else 'not_applicable' end,
    tax_deadline_on = app_private.tax_deadline(draft.billed_to ->> 'country', v_today)
  where invoices.organization_id = draft.organization_id and invoices.id = draft.id
  returning * into v_invoice;

  perform app_private.publish('invoice.issued', v_invoice.organization_id, v_invoice.id, jsonb_build_object(
    'invoiceId', v_invoice.id, 'kind', v_invoice.kind, 'number', v_invoice.number, 'netAmount', v_invoice.net_amount));
  perform app_private.queue_document('invoice', v_invoice.id);
  perform app_private.queue_payment_attempt(v_invoice.organization_id, v_invoice.id);
  perform app_private.invoice_changed(v_invoice.organization_id, v_invoice.id);
  return v_invoice;
end;
$$;

comment on function app_private.issue_invoice is
  'Numbers a draft whose lines are written, posts it, and queues what happens outside.';
grant execute on function app_private.issue_invoice to app_engine;

create or replace function app_private.days_to_pay(provider text) returns int
language sql immutable parallel safe
set search_path = ''
return case provider when 'manual' then 14 else 0 end;

comment on function app_private.days_to_pay is
  'In how many days an invoice is due: at once where the provider takes the money by itself, after 14 days by bank transfer.';
grant execute on function app_private.days_to_pay to app_engine;

create or replace function app_private.queue_document(kind text, id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'issue_document', json_build_object('kind', queue_document.kind, 'id', queue_document.id), queue_name => null, max_attempts => 25,
    job_key => 'issue_document:' || queue_document.id);
end;
$$;

comment on function app_private.queue_document is
  'Queues the job that issues an invoice or a credit note at the invoicing provider; one job a document.';
grant execute on function app_private.queue_document to app_engine;
