// Starts processes: a worker dies between a vendor's yes and our record, and before the vendor hears of it.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Worker } from "../worker.ts";
import {
  attemptOf,
  invoiceOf,
  one,
  openBilledClinic,
  refundOf,
  startBillingVendors,
  type Vendors,
} from "./billing_support.ts";
import { eventually } from "./database.ts";
import { type Moment, startBiller } from "./dying_biller.ts";

let vendors: Vendors;
let clinic: Awaited<ReturnType<typeof openBilledClinic>>;
let doomed: ChildProcess | undefined;
let heir: Worker | undefined;
beforeAll(async () => {
  vendors = await startBillingVendors();
  clinic = await openBilledClinic("workers die while they ask vendors", vendors);
});
afterEach(async () => {
  doomed?.kill("SIGKILL");
  await heir?.stop();
  heir = undefined;
});
afterAll(async () => {
  expect(vendors.stripe.misfits).toEqual([]);
  await Promise.all([clinic.drop(), vendors.stop()]);
});

/** Queues the work while nobody is there, lets a worker die over it, and another one do it. */
async function survive(moment: Moment, isDone: () => Promise<boolean>): Promise<void> {
  const ways = JSON.stringify({ env: vendors.env, fgo: { account: vendors.fgo.account } });
  doomed = fork(new URL("./dying_biller.ts", import.meta.url), [clinic.urls.worker, ways, moment], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [, signal] = await once(doomed, "exit");
  expect(signal).toBe("SIGKILL");
  expect(await isDone()).toBe(false);
  heir = await startBiller(clinic.urls.worker, vendors);
  await eventually(isDone, "the work to be done", 30_000);
  await eventually(async () => {
    const { rowCount } = await clinic.admin.query(
      `select from graphile_worker.jobs
       where task_identifier in ('charge_invoice', 'make_refund', 'issue_document') and (run_at <= now() or locked_at is not null)`,
    );
    return rowCount === 0;
  }, "nothing to be left");
  await heir.stop();
  heir = undefined;
}

const isSo = (sql: string, id: string) => async () => (await one<{ so: boolean }>(clinic, sql, [id])).so;
const paid = "select status = 'succeeded' as so from app_public.payment_attempts where id = $1";
const issued = (table: string) =>
  `select provider_state = 'issued' as so from app_public.${table} where id = $1`;
const queue = (kind: string, id: string) =>
  clinic.admin.query("select app_private.queue_document($1, $2)", [kind, id]);
/** What of the clinic's books does not sum to zero: nothing. */
const imbalance = () =>
  one(
    clinic,
    "select count(*)::int as n from (select 1 from app_private.postings group by document_id having sum(amount) <> 0) as odd",
  );

describe.each(["before", "after"] as const)(
  "BIL-04, BIL-05: kill -9 %s the vendor's yes, nothing twice and nothing lost",
  (moment) => {
    test("a charge", async () => {
      const invoiceId = await invoiceOf(clinic, "manual", true);
      const id = await attemptOf(clinic, invoiceId);
      await survive(moment, isSo(paid, id));
      const made = vendors.stripe.all("payment_intents").filter(({ metadata }) => metadata.attempt_id === id);
      expect(made).toHaveLength(1);
      const kept =
        "select count(*)::int as n, sum(amount)::text as sum from app_public.payments where invoice_id = $1";
      expect(await one(clinic, kept, [invoiceId])).toEqual({ n: 1, sum: "12100" });
      expect(await imbalance()).toEqual({ n: 0 });
    });

    test("an invoice at FGO, and then a refund with its credit note", async () => {
      const invoiceId = await invoiceOf(clinic, "fgo", false);
      await queue("invoice", invoiceId);
      await survive(moment, isSo(issued("invoices"), invoiceId));
      const documents = (id: string) => vendors.fgo.documents.filter(({ IdExtern }) => IdExtern === id);
      expect(documents(invoiceId)).toHaveLength(1);

      const attempt = await attemptOf(clinic, invoiceId);
      heir = await startBiller(clinic.urls.worker, vendors);
      await eventually(isSo(paid, attempt), "the invoice to be paid");
      await heir.stop();

      const { refund, note } = await refundOf(clinic, attempt, 1_210);
      const isBack = isSo("select status = 'succeeded' as so from app_public.refunds where id = $1", refund);
      const isCredited = isSo(issued("credit_notes"), note);
      await survive(moment, async () => (await isBack()) && (await isCredited()));
      const back = vendors.stripe.all("refunds").filter(({ metadata }) => metadata.refund_id === refund);
      expect(back).toMatchObject([{ amount: 1_210 }]);
      expect(documents(note)).toHaveLength(1);
      expect(await imbalance()).toEqual({ n: 0 });
    });
  },
);
