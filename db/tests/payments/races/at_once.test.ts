import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../../at_once.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "superadmins, webhooks and workers commit beside each other",
  });
  await furnish(database, "select tests.person('root', superadmin => true)");
});
afterAll(() => database.drop());

/** A clinic of its own, with two invoices of 100.00 and an attempt at the first. */
let clinics = 0;
let clinic = "";
beforeEach(async () => {
  clinic = `clinic-${++clinics}`;
  await furnish(
    database,
    `select tests.clinic('${clinic}'), tests.subscribes(tests.id('${clinic}'), 'stripe');
     select tests.remember('invoice', tests.issued_invoice(tests.id('${clinic}'), 10000)), tests.remember('other', tests.issued_invoice(tests.id('${clinic}'), 10000));
     select tests.remember('attempt', (app_private.queue_payment_attempt(tests.id('${clinic}'), tests.id('invoice'))).id);
     select app_hidden.attempt_to_charge(tests.id('attempt'))`,
  );
});

const transfer = (amount: number, reference: string, invoice = "invoice"): Act => ({
  as: "root",
  sql: `select (app_public.record_bank_transfer(tests.id('${invoice}'), ${amount}, current_date, '${reference}')).applied_amount::int`,
});
const credit = (amount: number): Act => ({
  as: "root",
  sql: `select (app_public.credit_invoice(tests.id('invoice'), jsonb_build_array(jsonb_build_object('lineId', (
          select id from app_public.invoice_lines where invoice_id = tests.id('invoice')), 'amount', ${amount})), 'Promised')).net_amount::int`,
});
const discount = (amount: number): Act => ({
  as: "root",
  sql: `select (app_public.discount_invoice(tests.id('invoice'), ${amount}, 'Promised')).net_amount::int`,
});
const refund = (amount: number): Act => ({
  as: "root",
  sql: `select (app_public.refund_payment((select min(id::text)::uuid from app_public.payments where invoice_id = tests.id('invoice')), ${amount}, 'Asked for it')).amount::int`,
});
const report = (status: string, at = "now()"): Act => ({
  as: "the database",
  sql: `select app_hidden.record_attempt(tests.id('attempt'), '${status}', 'pi_${clinic}', null, ${at})`,
});
const refundReport = (status: string): Act => ({
  as: "the database",
  sql: `select app_hidden.record_refund((select id from app_public.refunds where organization_id = tests.id('${clinic}')), '${status}', 're_1')`,
});
const writeOff: Act = {
  as: "root",
  sql: "select (app_public.write_off_invoice(tests.id('other'), 'Gone for good')).status",
};
const one = <T>(sql: string) =>
  ask<T>(database, `select ${sql} from app_public.invoices i where i.id = tests.id('invoice')`);
const state = () => one<string>("tests.invoice_in_words(i.id)");
const balance = () => one<number>(`tests.account_of(tests.id('${clinic}'), 'customer_balance')::int`);

test("two transfers at once: the second pays what the first has left, and the rest is kept (BIL-07)", async () => {
  const outcome = await oneBehindTheOther(database, transfer(7000, "FT 1"), transfer(15000, "FT 2"));
  expect(outcome).toEqual({ first: { value: 7000 }, second: { value: 13000 }, waited: true });
  expect(await state()).toBe("paid overpaid 10000/0");
  expect(await balance()).toBe(-2000);
});

test("one transfer that two write down at once counts once (BIL-07)", async () => {
  const outcome = await oneBehindTheOther(database, transfer(7000, "FT 1"), transfer(7000, "ft 1"));
  expect(outcome).toEqual({ first: { value: 7000 }, second: { value: 7000 }, waited: true });
  expect(await state()).toBe("issued processing 7000/0");
});

test("two credit notes at once do not exceed the line, nor the number of one (BIL-05)", async () => {
  const outcome = await oneBehindTheOther(database, credit(6000), credit(4001));
  expect(outcome).toEqual({
    first: { value: 6000 },
    second: { code: "RX409", reason: "credit_exceeds_line" },
    waited: true,
  });
  expect(await oneBehindTheOther(database, credit(1000), discount(3000))).toEqual({
    first: { value: 1000 },
    second: { value: 3000 },
    waited: true,
  });
  expect(await ask(database, "select max(number)::int - count(*)::int from app_public.credit_notes")).toBe(0);
});

test("two refunds at once give back no more than there is (BIL-05)", async () => {
  await atOnce(database, [report("succeeded")]);
  const outcome = await oneBehindTheOther(database, refund(6000), refund(4001));
  expect(outcome).toEqual({
    first: { value: 6000 },
    second: { code: "RX409", reason: "refund_exceeds_payment" },
    waited: true,
  });
});

test("an answer and the webhook of one charge at once are one payment (BIL-04)", async () => {
  const outcome = await oneBehindTheOther(
    database,
    report("succeeded"),
    report("succeeded", "now() + interval '1 second'"),
  );
  expect(outcome).toEqual({ first: { value: "succeeded" }, second: { value: "succeeded" }, waited: true });
  expect(await state()).toBe("paid paid 10000/0");
  expect(await balance()).toBe(0);
});

test("a transfer while a card is charged: no invoice is paid twice, the money is kept and pays the other (BIL-05, BIL-07)", async () => {
  const outcome = await oneBehindTheOther(database, transfer(10000, "FT 1"), report("succeeded"));
  expect(outcome).toEqual({ first: { value: 10000 }, second: { value: "succeeded" }, waited: true });
  expect(await state()).toBe("paid paid 10000/0");
  expect(await ask(database, "select tests.invoice_in_words(tests.id('other'))")).toBe("paid paid 10000/0");
});

test("a refund against the webhook of its payment, and against its own (BIL-05)", async () => {
  await atOnce(database, [report("succeeded")]);
  const first = await oneBehindTheOther(
    database,
    refund(4000),
    report("failed", "now() - interval '1 minute'"),
  );
  expect(first).toEqual({ first: { value: 4000 }, second: { value: "succeeded" }, waited: true });
  const second = await oneBehindTheOther(database, refundReport("failed"), refund(7000));
  expect(second.waited).toBe(true);
  // What failed to go back has paid the other invoice by then.
  expect(second.second).toEqual({ code: "RX409", reason: "refund_exceeds_payment" });
  expect(await state()).toBe("paid paid 6000/4000");
  expect(await ask(database, "select tests.invoice_in_words(tests.id('other'))")).toBe(
    "issued partially_paid 4000/0",
  );
});

test("what is given up while it is paid is one or the other (BIL-05)", async () => {
  const outcome = await oneBehindTheOther(database, transfer(10000, "FT 1", "other"), writeOff);
  expect(outcome).toEqual({
    first: { value: 10000 },
    second: { code: "RX412", reason: "illegal_move" },
    waited: true,
  });
});

test("whatever comes at once ends, and the books add up (BIL-05, BIL-07)", async () => {
  await atOnce(database, [report("succeeded")]);
  const acts = [
    transfer(3000, "FT 1", "other"),
    transfer(3000, "FT 1", "other"),
    transfer(12000, "FT 2"),
    credit(2000),
    discount(3000),
    refund(1500),
    refund(2500),
    report("succeeded"),
    report("failed"),
    writeOff,
  ];
  const outcomes = await atOnce(database, acts);
  const refusals = outcomes.flatMap((outcome) => ("reason" in outcome ? [outcome.reason] : []));
  expect(refusals.filter((reason) => reason !== "illegal_move")).toEqual([]);
  const wrong = await ask<number>(
    database,
    `select count(*)::int from (
       select from app_private.postings group by document_kind, document_id having sum(amount) <> 0
       union all
       select from app_public.payments p
       where p.applied_amount <> (select coalesce(sum(a.amount), 0) from app_public.payment_allocations a where a.payment_id = p.id)
       union all
       select from app_public.invoices i
       where i.paid_amount <> (select coalesce(sum(a.amount), 0) from app_public.payment_allocations a where a.invoice_id = i.id)
          or i.credited_amount <> (select coalesce(sum(n.gross_amount), 0) from app_public.credit_notes n where n.invoice_id = i.id)
          or i.paid_amount + i.credited_amount > i.total_amount
       union all
       select from app_public.organizations o
       where tests.account_of(o.id, 'customer_balance') <> (
         select coalesce(-sum(p.amount - p.applied_amount - p.refunded_amount), 0) from app_public.payments p where p.organization_id = o.id)
     ) as wrong`,
  );
  expect(wrong).toBe(0);
});
