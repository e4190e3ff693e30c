-- Staff of the platform take something off an invoice that was issued: of lines that they name, or an amount that is spread over all, or
-- all that is left. No line is credited for more than it is, however many credit it at once. BIL-05, BIL-08.

set role app_engine;

create or replace function app_public.credit_invoice(invoice_id uuid, lines jsonb, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('credit_invoice', jsonb_build_array(invoice_id, lines, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
  v_problem text;
  v_line_ids uuid[];
  v_amounts bigint[];
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  v_problem := app_private.credit_lines_problem(lines);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'credit_lines_wrong', jsonb_build_object('field', 'lines', 'path', v_problem));
  end if;
  perform app_private.require_creditable(v_invoice);

  select array_agg(given.id), array_agg(given.amount) into v_line_ids, v_amounts
  from (
    select (line ->> 'lineId')::uuid as id, (line ->> 'amount')::bigint as amount
    from jsonb_array_elements(lines) as line
  ) as given;
  select given.id::text into v_problem
  from unnest(v_line_ids) as given (id)
  where not exists (select from app_private.creditable(v_invoice) as line where line.line_id = given.id)
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_line_not_found', jsonb_build_object('lineId', v_problem));
  end if;
  perform app_hidden.refuse(
    'CONFLICT', 'credit_exceeds_line',
    jsonb_build_object('lineId', line.line_id, 'most', line.amount, 'currency', v_invoice.currency))
  from unnest(v_line_ids, v_amounts) as given (id, amount)
  join app_private.creditable(v_invoice) as line on line.line_id = given.id
  where given.amount > line.amount;
  perform app_private.require_net_left(v_invoice, (select sum(amount) from unnest(v_amounts) as amount)::bigint);

  v_note := app_private.issue_credit_note(v_invoice, v_line_ids, v_amounts, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('credit_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.credit_invoice is
  E'@arg lines What is taken off, before tax: [{"lineId": "…", "amount": 5000}], each line once.\n'
  'Issues a credit note for lines of an invoice. What was paid beyond what is left is a balance of the clinic. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_line or credit_exceeds_invoice, NOT_FOUND invoice_line_not_found, STATE invoice_not_creditable or '
  'invoice_document_missing, VALIDATION credit_lines_wrong.';
grant execute on function app_public.credit_invoice to app_member;

create or replace function app_public.discount_invoice(invoice_id uuid, amount bigint, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('discount_invoice', jsonb_build_array(invoice_id, amount, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  if discount_invoice.amount not between 1 and 100000000000 then
    perform app_hidden.refuse('VALIDATION', 'sum_out_of_range', '{"field": "amount"}');
  end if;
  perform app_private.require_creditable(v_invoice);
  perform app_private.require_net_left(v_invoice, discount_invoice.amount);
  v_note := app_private.credit_amount(v_invoice, discount_invoice.amount, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('discount_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.discount_invoice is
  E'@arg amount What is taken off, before tax, in minor units of the invoice''s currency.\n'
  'Issues a credit note for an amount, spread over what is left of the lines by largest remainder. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_invoice, STATE invoice_not_creditable or invoice_document_missing.';
grant execute on function app_public.discount_invoice to app_member;

create or replace function app_public.void_invoice(invoice_id uuid, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('void_invoice', jsonb_build_array(invoice_id, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
  v_net bigint;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  perform app_private.require_creditable(v_invoice);
  perform app_private.require_no_open_charge(v_invoice);
  v_net := v_invoice.net_amount - app_private.credited_net(v_invoice);
  perform app_private.require_net_left(v_invoice, greatest(v_net, 1));
  v_note := app_private.credit_amount(v_invoice, v_net, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('void_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.void_invoice is
  'Takes all that is left of an invoice off it by a credit note: an invoice that was issued is not taken back otherwise. One of which '
  'nothing was paid is void then; what was paid is a balance of the clinic. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_invoice when nothing is left, STATE invoice_not_creditable, invoice_document_missing or charge_under_way.';
grant execute on function app_public.void_invoice to app_member;

reset role;

create or replace function app_private.credit_lines_problem(lines jsonb) returns text
language sql immutable
set search_path = ''
return case
  when jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) not between 1 and 500 then ''
  else (
    select '/' || (line.place - 1)
    from jsonb_array_elements(lines) with ordinality as line (value, place)
    where not coalesce(line.value ->> 'lineId' ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$', false)
      or not coalesce(line.value ->> 'amount' ~ '^[1-9][0-9]{0,11}$', false)
      or (select count(*) from jsonb_array_elements(lines) as other
          where app_hidden.ascii_lower(other ->> 'lineId') = app_hidden.ascii_lower(line.value ->> 'lineId')) > 1
    order by line.place
    limit 1)
end;

comment on function app_private.credit_lines_problem is
  'Which of the lines to credit is wrong, as a JSON pointer: no id, no amount above zero, or twice the same; null: none is.';
grant execute on function app_private.credit_lines_problem to app_engine;

create or replace function app_private.require_net_left(invoice app_public.invoices, net_amount bigint) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_left bigint := invoice.net_amount - app_private.credited_net(invoice);
begin
  if require_net_left.net_amount > v_left then
    perform app_hidden.refuse(
      'CONFLICT', 'credit_exceeds_invoice', jsonb_build_object('most', v_left, 'currency', invoice.currency));
  end if;
end;
$$;

comment on function app_private.require_net_left is
  'Passes when so much of an invoice is not credited yet, before tax; CONFLICT credit_exceeds_invoice.';
grant execute on function app_private.require_net_left to app_engine;

create or replace function app_private.credit_amount(
  invoice app_public.invoices, net_amount bigint, reason text, gross_amount bigint default null, refund_id uuid default null
) returns app_public.credit_notes
language plpgsql volatile
set search_path = ''
as $$
declare
  v_line_ids uuid[];
  v_left bigint[];
begin
  select array_agg(line.line_id order by line.place), array_agg(line.amount order by line.place) into v_line_ids, v_left
  from app_private.creditable(invoice) with ordinality as line (line_id, kind, amount, place);
  return app_private.issue_credit_note(
    invoice, v_line_ids, app_private.spread(credit_amount.net_amount, v_left), credit_amount.reason, credit_amount.gross_amount,
    credit_amount.refund_id);
end;
$$;

comment on function app_private.credit_amount is 'Issues a credit note for an amount before tax, spread over what is left of the lines.';
grant execute on function app_private.credit_amount to app_engine;

create or replace function app_private.require_no_open_charge(invoice app_public.invoices) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select from app_public.payment_attempts
    where payment_attempts.organization_id = invoice.organization_id and payment_attempts.invoice_id = invoice.id
      and payment_attempts.status in ('processing', 'unknown')
  ) then
    perform app_hidden.refuse('STATE', 'charge_under_way');
  end if;
end;
$$;

comment on function app_private.require_no_open_charge is
  'Passes when no vendor is being asked for the money of an invoice; STATE charge_under_way.';
grant execute on function app_private.require_no_open_charge to app_engine;
