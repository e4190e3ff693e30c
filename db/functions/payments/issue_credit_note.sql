-- Something is taken off an invoice: a document with a number of its own, lines that are bounded by those of the invoice, postings, the
-- job that has the invoicing provider issue it, and an event of which the clinic is told once. BIL-05, BIL-08, docs/decisions/0187.
-- Whoever calls it has locked the billing of the clinic, the series and the invoice, and settles the account afterwards.

create or replace function app_private.creditable(invoice app_public.invoices)
returns table (line_id uuid, kind text, amount bigint)
language sql stable
set search_path = ''
begin atomic
  select invoice_lines.id, invoice_lines.kind,
         greatest(invoice_lines.amount - coalesce((
           select sum(credit_note_lines.amount)
           from app_public.credit_note_lines
           where credit_note_lines.organization_id = invoice_lines.organization_id
             and credit_note_lines.invoice_line_id = invoice_lines.id), 0), 0)::bigint
  from app_public.invoice_lines
  where invoice_lines.organization_id = (invoice).organization_id and invoice_lines.invoice_id = (invoice).id
  order by invoice_lines.position;
end;

comment on function app_private.creditable is 'How much of each line of an invoice was not credited yet, before tax, in the order of the lines.';
grant execute on function app_private.creditable to app_engine;

create or replace function app_private.credited_net(invoice app_public.invoices) returns bigint
language sql stable
set search_path = ''
begin atomic
  select coalesce(sum(credit_notes.net_amount), 0)::bigint
  from app_public.credit_notes
  where credit_notes.organization_id = (invoice).organization_id and credit_notes.invoice_id = (invoice).id;
end;

comment on function app_private.credited_net is 'How much of an invoice was credited, before tax.';
grant execute on function app_private.credited_net to app_engine;

create or replace function app_private.require_creditable(invoice app_public.invoices) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if invoice.status not in ('issued', 'paid') then
    perform app_hidden.refuse('STATE', 'invoice_not_creditable', jsonb_build_object('status', invoice.status));
  -- A credit note names the invoice as the provider numbered it, and shares its tax.
  elsif invoice.total_amount is null then
    perform app_hidden.refuse('STATE', 'invoice_document_missing');
  end if;
end;
$$;

comment on function app_private.require_creditable is
  'Passes for an invoice that may be credited; STATE invoice_not_creditable, or invoice_document_missing until the invoicing provider has issued it.';
grant execute on function app_private.require_creditable to app_engine;

create or replace function app_private.issue_credit_note(
  invoice app_public.invoices,
  line_ids uuid[],
  amounts bigint[],
  reason text,
  gross_amount bigint default null,
  refund_id uuid default null
) returns app_public.credit_notes
language plpgsql volatile
set search_path = ''
as $$
declare
  v_note app_public.credit_notes;
  v_net bigint := (select sum(given.amount) from unnest(amounts) as given (amount));
  v_credited_net bigint := app_private.credited_net(invoice);
  v_tax bigint := invoice.total_amount - invoice.net_amount;
  v_gross bigint;
begin
  -- The share of the invoice's tax is cumulative, so that notes which credit all of the net credit all of the tax.
  v_gross := coalesce(
    issue_credit_note.gross_amount,
    v_net + greatest(0, round(v_tax::numeric * (v_credited_net + v_net) / invoice.net_amount)::bigint
                        - (invoice.credited_amount - v_credited_net)));

  insert into app_public.credit_notes
    (organization_id, invoice_id, series, number, net_amount, gross_amount, reason, issued_by, issued_at, tax_state, tax_deadline_on)
  select invoice.organization_id, invoice.id, next.series, next.number, v_net, v_gross, issue_credit_note.reason,
         app_private.current_actor_id(), app_hidden.now(),
         -- It goes where its invoice went, within the days that the law of its own day says.
         case invoice.tax_state when 'not_applicable' then 'not_applicable' else 'queued' end,
         app_private.tax_deadline(invoice.billed_to ->> 'country', (app_hidden.now() at time zone subscription.timezone)::date)
  from app_private.next_number('credit_note') as next
  join app_public.organization_subscriptions as subscription
    on subscription.organization_id = invoice.organization_id and subscription.id = invoice.subscription_id
  returning * into strict v_note;
  insert into app_public.credit_note_lines (organization_id, credit_note_id, invoice_line_id, amount)
  select v_note.organization_id, v_note.id, given.line_id, given.amount
  from unnest(line_ids, amounts) as given (line_id, amount)
  where given.amount > 0;
  update app_public.invoices set credited_amount = invoices.credited_amount + v_gross
  where invoices.organization_id = invoice.organization_id and invoices.id = invoice.id
  returning * into strict invoice;

  perform app_private.post(
    'credit_note', v_note.id, v_note.organization_id, invoice.currency,
    (select jsonb_object_agg(revenue.account, revenue.amount)
     from (
       select app_private.revenue_account(invoice_lines.kind) as account, sum(given.amount) as amount
       from unnest(line_ids, amounts) as given (line_id, amount)
       join app_public.invoice_lines
         on invoice_lines.organization_id = invoice.organization_id and invoice_lines.id = given.line_id
       group by 1
     ) as revenue)
    || jsonb_build_object('tax', v_gross - v_net, 'receivable', -v_gross));
  if app_private.invoice_due(invoice) < 0 then
    perform app_private.free_payments(invoice, -app_private.invoice_due(invoice));
  end if;

  perform graphile_worker.add_job(
    'issue_document', json_build_object('kind', 'credit_note', 'id', v_note.id), job_key => 'issue_document:' || v_note.id);
  perform app_private.publish(
    'credit_note.issued', v_note.organization_id, v_note.id,
    jsonb_strip_nulls(jsonb_build_object(
      'creditNoteId', v_note.id, 'invoiceId', v_note.invoice_id, 'refundId', issue_credit_note.refund_id)));
  return v_note;
end;
$$;

comment on function app_private.issue_credit_note is
  'Issues a credit note of these amounts of these lines, before tax; gross_amount where it is given back to the coin. What was paid '
  'beyond what is left of the invoice is in the clinic''s balance then.';
grant execute on function app_private.issue_credit_note to app_engine;
