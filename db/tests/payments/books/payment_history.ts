import type pg from "pg";
import type { Books, Step } from "./payment_rules.ts";

/** A clinic that pays by card or by transfer, once for all histories; then each is one transaction that is rolled back. */
export async function prepare(client: pg.Client): Promise<void> {
  await client.query(`
    begin;
    select tests.freeze_time('2027-03-01 12:00+02'), tests.person('root', superadmin => true), tests.clinic('atlas');
    select tests.subscribes(tests.id('atlas'), 'stripe');
    ${unaudited}
    commit;
    select set_config('app.principal_id', tests.id('root')::text, false), set_config('tests.now', '2027-03-01 12:00+02', false);
    ${names}
    ${take}
    ${books}
    ${history}
  `);
}

export async function run(client: pg.Client, steps: Step[]): Promise<{ said: string[]; books: Books }> {
  await client.query("begin");
  try {
    const { rows } = await client.query("select pg_temp.history($1) as outcome", [JSON.stringify(steps)]);
    // What commits would look at: the postings of each document sum to zero.
    await client.query("set constraints all immediate");
    return rows[0].outcome;
  } finally {
    await client.query("rollback");
  }
}

/** That the audit follows these tables is tested elsewhere. */
const unaudited = [
  "organization_subscriptions",
  "billing_periods",
  "invoices",
  "credit_notes",
  "credit_note_lines",
  "payments",
  "payment_allocations",
  "payment_attempts",
  "refunds",
  "write_offs",
]
  .map((table) => `alter table app_public.${table} disable trigger _500_audit;`)
  .join("\n");

/** Everything is named by the order in which it was made. */
const names = ["invoices", "payments", "payment_attempts", "refunds"]
  .map(
    (table) => `
create function pg_temp.nth_${table}(step jsonb, key text) returns app_public.${table} language sql as $$
  select t.* from app_public.${table} t order by t.id offset (step ->> key)::int limit 1 $$;`,
  )
  .join("\n");

const take = `
create function pg_temp.take(step jsonb) returns text language plpgsql as $$
declare
  v_invoice app_public.invoices := pg_temp.nth_invoices(step, 'invoice');
  v_attempt app_public.payment_attempts := pg_temp.nth_payment_attempts(step, 'attempt');
  v_refund app_public.refunds := pg_temp.nth_refunds(step, 'refund');
  v_payment app_public.payments := pg_temp.nth_payments(step, 'payment');
  v_at timestamptz := '2027-03-01 00:00+02'::timestamptz + make_interval(mins => (step ->> 'at')::int);
  v_lines jsonb;
  v_asked record;
begin
  if step ->> 'do' = 'invoice' then
    perform tests.issued_invoice(
      tests.id('atlas'), (select sum(l::bigint) from jsonb_array_elements_text(step -> 'lines') l)::bigint,
      due_on => date '2027-03-10' + (step ->> 'dueIn')::int,
      lines => array(select l::bigint from jsonb_array_elements_text(step -> 'lines') l),
      has_document => false);
    select i.* into strict v_invoice from app_public.invoices i order by i.id desc limit 1;
    insert into pg_temp.rates values (v_invoice.id, (step ->> 'taxPercent')::int);
    if (step ->> 'hasDocument')::boolean then
      perform tests.document_of(v_invoice.id, round(v_invoice.net_amount * (step ->> 'taxPercent')::numeric / 100)::bigint);
    end if;
    return 'ok';
  elsif step ->> 'do' in ('document', 'settle', 'transfer', 'credit', 'discount', 'void', 'writeOff', 'charge') and v_invoice.id is null
     or step ->> 'do' = 'report' and v_attempt.id is null or step ->> 'do' = 'refund' and v_payment.id is null
     or step ->> 'do' = 'refundReport' and coalesce((select p.method from app_public.payments p where p.id = v_refund.payment_id), '') <> 'card' then
    return 'nothing';
  end if;

  case step ->> 'do'
    when 'document' then
      if v_invoice.total_amount is null then
        perform tests.document_of(v_invoice.id, (select round(v_invoice.net_amount * r.percent::numeric / 100)::bigint from pg_temp.rates r where r.invoice_id = v_invoice.id));
      end if;
    when 'settle' then
      perform app_hidden.settle_invoice(v_invoice.id);
    when 'transfer' then
      perform app_public.record_bank_transfer(v_invoice.id, (step ->> 'amount')::bigint, '2027-03-01', 'FT ' || (step ->> 'reference'));
    when 'credit' then
      select jsonb_agg(jsonb_build_object('lineId', l.id, 'amount', (step -> 'amounts' ->> (l.position - 1))::bigint)) into v_lines
      from app_public.invoice_lines l where l.invoice_id = v_invoice.id and (step -> 'amounts' ->> (l.position - 1))::bigint > 0;
      if v_lines is null then
        perform app_private.require_creditable(v_invoice);
        return 'nothing';
      end if;
      perform app_public.credit_invoice(v_invoice.id, v_lines, 'Promised');
    when 'discount' then
      perform app_public.discount_invoice(v_invoice.id, (step ->> 'amount')::bigint, 'Promised');
    when 'void' then
      perform app_public.void_invoice(v_invoice.id, 'Made by mistake');
    when 'writeOff' then
      perform app_public.write_off_invoice(v_invoice.id, 'Gone');
    when 'charge' then
      v_attempt := app_private.queue_payment_attempt(tests.id('atlas'), v_invoice.id);
      if v_attempt.id is null then
        return 'nothing';
      end if;
      select * into v_asked from app_hidden.attempt_to_charge(v_attempt.id);
      return case
        when v_asked.is_repeat then 'repeat'
        when v_asked.amount is not null then v_asked.amount::text
        when (select a.status from app_public.payment_attempts a where a.id = v_attempt.id) = 'queued' then 'waits'
        else 'settled'
      end;
    when 'report' then
      return app_hidden.record_attempt(
        v_attempt.id, step ->> 'status',
        case when step ->> 'status' = 'succeeded' then concat_ws(' ', 'pi', v_attempt.id, step ->> 'isOther') end, 'declined', v_at);
    when 'refund' then
      perform app_public.refund_payment(v_payment.id, (step ->> 'amount')::bigint, 'Asked for it');
    when 'refundReport' then
      return app_hidden.record_refund(v_refund.id, step ->> 'status', 're', null, v_at);
  end case;
  return 'ok';
exception when sqlstate 'RX400' or sqlstate 'RX409' or sqlstate 'RX412' then
  return sqlerrm;
end $$;
create temporary table rates (invoice_id uuid, percent int);`;

const books = `
create function pg_temp.books() returns jsonb language sql as $$
  select jsonb_build_object(
    'invoices', coalesce((select jsonb_agg(jsonb_build_array(i.status, i.payment_state, i.paid_amount, i.credited_amount,
      (select coalesce(sum(n.net_amount), 0) from app_public.credit_notes n where n.invoice_id = i.id)) order by i.id) from app_public.invoices i), '[]'),
    'payments', coalesce((select jsonb_agg(jsonb_build_array(p.amount, p.applied_amount, p.refunded_amount) order by p.id) from app_public.payments p), '[]'),
    'attempts', coalesce((select jsonb_agg(a.status order by a.id) from app_public.payment_attempts a), '[]'),
    'refunds', coalesce((select jsonb_agg(r.status order by r.id) from app_public.refunds r), '[]'),
    'accounts', (select jsonb_object_agg(known.account, coalesce((select sum(p.amount) from app_private.postings p
        where case when p.account ~ '_revenue$' then 'revenue' else p.account end = known.account), 0))
      from unnest('{bank,card,customer_balance,receivable,revenue,tax,write_off}'::text[]) known (account)),
    'creditNotes', (select coalesce(max(n.number), 0) from app_public.credit_notes n)) $$;`;

const history = `
create function pg_temp.history(steps jsonb) returns jsonb language plpgsql as $$
declare
  v_step jsonb;
  v_said jsonb := '[]';
begin
  for v_step in select * from jsonb_array_elements(steps) loop
    v_said := v_said || to_jsonb(pg_temp.take(v_step));
  end loop;
  return jsonb_build_object('said', v_said, 'books', pg_temp.books());
end $$;`;
