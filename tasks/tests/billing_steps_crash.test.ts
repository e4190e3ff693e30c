// Starts processes: a worker dies before, while and after the database does a step of billing.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Worker } from "../worker.ts";
import {
  attemptOf,
  invoiceOf,
  one,
  openBilledClinic,
  startBillingVendors,
  type Vendors,
} from "./billing_support.ts";
import { billingTasks, momentsOf } from "./billing_tasks.ts";
import { eventually, transaction } from "./database.ts";
import { type Moment, startBiller } from "./dying_biller.ts";

let vendors: Vendors;
let clinic: Awaited<ReturnType<typeof openBilledClinic>>;
let doomed: ChildProcess | undefined;
let heir: Worker | undefined;
beforeAll(async () => {
  vendors = await startBillingVendors();
  clinic = await openBilledClinic("workers die while the database does a step of billing", vendors);
});
afterEach(async () => {
  doomed?.kill("SIGKILL");
  await heir?.stop();
  heir = undefined;
});
afterAll(() => Promise.all([clinic.drop(), vendors.stop()]));

const sql = (text: string, values: unknown[] = []) => clinic.admin.query(text, values);

/** Lets a worker die at a statement, while `held` rows are held where it is to die during it, and another one do the rest. */
async function survive(moment: Moment, asksFor: string, held: string): Promise<void> {
  const holder = await clinic.admin.connect();
  try {
    if (moment === "during") await holder.query(`begin; select from ${held} for update`);
    const ways = JSON.stringify({ env: vendors.env, fgo: { account: vendors.fgo.account } });
    doomed = fork(
      new URL("./dying_biller.ts", import.meta.url),
      [clinic.urls.worker, ways, moment, asksFor],
      { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] },
    );
    const [, signal] = await once(doomed, "exit");
    expect(signal).toBe("SIGKILL");
  } finally {
    // What the dead worker asked for goes on in the database as soon as it can, beside its heir.
    await holder.query("rollback");
    holder.release();
  }
  heir = await startBiller(clinic.urls.worker, vendors);
  await eventually(
    async () => {
      const { rowCount } = await sql(
        `select from graphile_worker.jobs where task_identifier = any ($1) and (run_at <= now() or locked_at is not null)`,
        [[...Object.keys(killed), "deliver_events", "process_webhook"]],
      );
      return rowCount === 0;
    },
    "nothing to be left",
    30_000,
  );
  await heir.stop();
  heir = undefined;
}

const subscriptions = "app_public.organization_subscriptions";
const balanced = async () => {
  const odd = "select from app_private.postings group by document_id having sum(amount) <> 0";
  expect((await sql(odd)).rowCount).toBe(0);
};
const queue = (task: string) => sql("select graphile_worker.add_job($1, '{}')", [task]);

/** The clinic has money with the platform, and an invoice comes to be known that this pays a part of. */
async function settle(moment: Moment): Promise<void> {
  const known = await invoiceOf(clinic, "manual", true);
  await transaction(clinic.admin, async (client) => {
    await client.query(
      "select set_config('app.principal_id', tests.person('root', superadmin => true)::text, true)",
    );
    await client.query("select app_public.record_bank_transfer($1, 20000, current_date, $2)", [
      known,
      `FT ${moment}`,
    ]);
  });
  const next = await invoiceOf(clinic, "manual", false);
  await sql("select app_hidden.record_document_issued('invoice', $1, 'doc', 'R 1', null, 0, 10000)", [next]);
  await survive(moment, "app_hidden.settle_invoice", subscriptions);
  const paid =
    "select coalesce(sum(amount), 0)::text as sum, count(*)::int as n from app_public.payment_allocations where invoice_id = $1";
  expect(await one(clinic, paid, [next])).toEqual({ sum: "7900", n: 1 });
  // The rest by hand, so that the next one begins with nothing.
  await transaction(clinic.admin, async (client) => {
    await client.query("select set_config('app.principal_id', tests.id('root')::text, true)");
    await client.query("select app_public.record_bank_transfer($1, 2100, current_date, $2)", [
      next,
      `FT rest ${moment}`,
    ]);
  });
  await balanced();
}

/** How long passes before each moment, and so what is due: the first bill is overdue and tried again; more tries; the end of the month. */
const passes: Record<Moment, string> = { before: "16 days", during: "13 days", after: "5 days" };
let passed = "interval '0'";

/** Two clinics alike: whatever becomes due of one while workers die has to be what becomes due of the other. */
async function settleSubscriptions(moment: Moment): Promise<void> {
  if (moment === "before") {
    await sql(`
      begin;
      select tests.offered_tier('plan', monthly => 10000);
      select tests.clinic('twin'), tests.billing_details(), tests.clinic_subscribed('plan');
      select tests.clinic('other'), tests.billing_details(), tests.clinic_subscribed('plan');
      update app_public.organization_subscriptions set provider = 'stripe', provider_customer_id = '${clinic.customer}'
      where organization_id in (tests.id('twin'), tests.id('other'));
      commit`);
    vendors.stripe.addCard(clinic.customer, { decline: "insufficient_funds" });
  }
  passed += ` + interval '${passes[moment]}'`;
  await sql(
    `create or replace function app_hidden.now() returns timestamptz language sql stable set search_path = '' return pg_catalog.now() + ${passed}`,
  );
  await queue("settle_subscriptions");
  await survive(
    moment,
    "app_private.settle_subscription",
    `${subscriptions} where organization_id in (tests.id('twin'), tests.id('other'))`,
  );
  const books = async (name: string) =>
    one(
      clinic,
      `select
         (select jsonb_agg(jsonb_build_array(s.status, s.anchor_on, s.past_due_at is null, s.suspended_at is null)) from app_public.organization_subscriptions s where s.organization_id = o.id) as subscription,
         (select jsonb_agg(jsonb_build_array(p.starts_on, p.ends_on) order by p.position) from app_public.billing_periods p where p.organization_id = o.id) as periods,
         (select jsonb_agg(jsonb_build_array(i.kind, i.status, i.net_amount, i.due_on) order by i.number) from app_public.invoices i where i.organization_id = o.id) as invoices,
         (select jsonb_agg(jsonb_build_array(a.position, a.status) order by a.invoice_id, a.position) from app_public.payment_attempts a where a.organization_id = o.id) as attempts,
         (select jsonb_agg(e.name order by e.name) from app_private.events e where e.organization_id = o.id and e.name !~ '^organization') as events
       from app_public.organizations o where o.id = tests.id($1)`,
      [name],
    );
  const twin = await books("twin");
  expect(twin).toEqual(await books("other"));
  told.push(JSON.stringify(twin));
  await balanced();
}
/** What was due differs each time, or a moment would have proved nothing. */
const told: string[] = [];

/** An invoice and its credit note at FGO, accepted by the tax office and not asked about yet. */
async function checkTaxStates(moment: Moment, asksFor: string): Promise<void> {
  const id = await invoiceOf(clinic, "fgo", false);
  await sql("select app_private.queue_document('invoice', $1)", [id]);
  heir = await startBiller(clinic.urls.worker, vendors);
  const issued = async () =>
    (
      await one<{ so: boolean }>(
        clinic,
        "select provider_state = 'issued' as so from app_public.invoices where id = $1",
        [id],
      )
    ).so;
  await eventually(issued, "the invoice to be issued");
  const note = await transaction(clinic.admin, async (client) => {
    await client.query(
      "select set_config('app.principal_id', tests.person('root', superadmin => true)::text, true)",
    );
    const { rows } = await client.query("select (app_public.discount_invoice($1, 100, 'Promised')).id", [id]);
    return rows[0].id as string;
  });
  const bothAre = (state: string) =>
    one<{ n: number }>(
      clinic,
      "select count(*)::int as n from app_private.tax_documents where id in ($1, $2) and tax_state = $3",
      [id, note, state],
    );
  await eventually(async () => (await bothAre("sent")).n === 2, "both to be sent");
  await heir.stop();
  // Not asked about just now; and near, so that it is told of, too.
  await transaction(clinic.admin, async (client) => {
    await client.query("set local session_replication_role = replica");
    await client.query(
      "update app_public.invoices set tax_checked_at = null, tax_deadline_on = current_date + 1 where id = $1",
      [id],
    );
    await client.query("update app_public.credit_notes set tax_checked_at = null where id = $1", [note]);
  });
  await queue("check_tax_states");
  await survive(moment, asksFor, `app_public.invoices where id = '${id}'`);
  expect((await bothAre("accepted")).n).toBe(2);
  const warned =
    "select count(*)::int as n from app_private.events where subject_id in ($1, $2) and name like '%tax_%' group by subject_id, name having count(*) > 1";
  expect((await sql(warned, [id, note])).rowCount).toBe(0);
}

async function verify(moment: Moment): Promise<void> {
  await queue("verify_billing");
  await survive(moment, "app_private.verify_clinic_billing", subscriptions);
  expect((await sql("select from app_private.events where name like 'billing.%'")).rowCount).toBe(0);
}

/** A payment has come: its receipt is written once. */
async function receipt(moment: Moment, asksFor: string): Promise<void> {
  const id = await invoiceOf(clinic, "manual", true);
  await transaction(clinic.admin, async (client) => {
    await client.query(
      "select set_config('app.principal_id', tests.person('root', superadmin => true)::text, true)",
    );
    await client.query("select app_public.record_bank_transfer($1, 12100, current_date, $2)", [
      id,
      `FT receipt ${moment}`,
    ]);
  });
  await survive(moment, asksFor, subscriptions);
  const written = `select count(*)::int as n from app_public.messages m
    join app_private.events e on e.id = m.event_id and e.name = 'payment.received'
    join app_public.payments p on p.id = e.subject_id
    where p.reference = $1 and m.channel = 'email'`;
  expect(await one(clinic, written, [`FT receipt ${moment}`])).toEqual({ n: 1 });
}

/** Stripe tells that a charge under way has succeeded: the payment is recorded once. */
async function webhook(moment: Moment, asksFor: string): Promise<void> {
  vendors.stripe.addCard(clinic.customer, { status: "processing" });
  const id = await attemptOf(clinic, await invoiceOf(clinic, "manual", true));
  heir = await startBiller(clinic.urls.worker, vendors);
  const intent = () =>
    vendors.stripe.all("payment_intents").find(({ metadata }) => metadata.attempt_id === id)?.id as string;
  const isUnderWay =
    "select provider_payment_id is not null as so from app_public.payment_attempts where id = $1";
  await eventually(async () => (await one<{ so: boolean }>(clinic, isUnderWay, [id])).so, "it to be asked");
  await heir.stop();
  vendors.stripe.becomes("payment_intents", intent(), { status: "succeeded" }, "payment_intent.succeeded");
  const event = vendors.stripe.events.at(-1);
  await sql("select app_hidden.receive_webhook('stripe', null, $1, $2, now(), '{}', $3)", [
    `${event?.id} ${moment}`,
    event?.type,
    JSON.stringify(event),
  ]);
  await survive(moment, asksFor, subscriptions);
  const kept = `select a.status, count(p.*)::int as n from app_public.payment_attempts a
    left join app_public.payments p on p.attempt_id = a.id where a.id = $1 group by a.status`;
  expect(await one(clinic, kept, [id])).toEqual({ status: "succeeded", n: 1 });
  await balanced();
}

/** Tasks of billing, and the statements at which workers die here; the others die around what they ask of vendors, in billing_crash.test.ts. */
const killed: Record<
  string,
  { at: string[]; survives(moment: Moment, at: string): Promise<void> } | "at its vendor"
> = {
  charge_invoice: "at its vendor",
  issue_document: "at its vendor",
  make_refund: "at its vendor",
  // Before the others: money with the platform would pay what they leave open.
  settle_invoice: { at: ["app_hidden.settle_invoice"], survives: settle },
  check_tax_states: {
    at: ["app_hidden.record_tax_message", "app_hidden.record_tax_state", "app_hidden.warn_of_tax_deadlines"],
    survives: checkTaxStates,
  },
  verify_billing: { at: ["app_private.verify_clinic_billing"], survives: verify },
  settle_subscriptions: { at: ["app_private.settle_subscription"], survives: settleSubscriptions },
};

test("BIL-05: every task that asks for a function of billing is killed in a test", () => {
  expect(Object.keys(killed).sort()).toEqual(billingTasks());
});

// Tasks of everybody's, at what they do for billing.
describe.each([
  { task: "deliver_events", at: "app_private.record_event_delivered", survives: receipt },
  { task: "process_webhook", at: "app_hidden.record_attempt", survives: webhook },
])("BIL-04, BIL-08: kill -9 of $task at $at, one receipt and one payment", ({ at, survives }) => {
  test.each(momentsOf(at))("%s it", (moment) => survives(moment, at));
});

const steps = Object.entries(killed).flatMap(([task, how]) =>
  how === "at its vendor" ? [] : how.at.map((at) => ({ task, at, survives: how.survives })),
);
describe.each(steps)(
  "BIL-02, BIL-04, BIL-05: kill -9 of $task at $at, nothing twice and nothing lost",
  ({ at, survives }) => {
    test.each(momentsOf(at))("%s it", (moment) => survives(moment, at));
  },
);

test("BIL-05: what was due of the two clinics was something else each time", () => {
  expect(new Set(told).size).toBe(3);
});
