import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { paymentVendorsFrom } from "../../providers/payment/index.ts";
import { taxOfficeFrom } from "../../providers/tax_office/index.ts";
import type { Outside } from "../task.ts";
import {
  attemptOf,
  invoiceOf,
  invoicingOf,
  one,
  openBilledClinic,
  refundOf,
  runTask,
  startBillingVendors,
  type Vendors,
} from "./billing_support.ts";
import { nowhere } from "./nowhere.ts";

let vendors: Vendors;
let clinic: Awaited<ReturnType<typeof openBilledClinic>>;
let outside: Outside;
beforeAll(async () => {
  vendors = await startBillingVendors();
  clinic = await openBilledClinic("tasks commit while they wait for vendors", vendors);
  outside = {
    ...nowhere,
    payments: paymentVendorsFrom(vendors.env),
    invoicing: invoicingOf(vendors),
    taxOffice: taxOfficeFrom(vendors.env) ?? undefined,
  };
});
beforeEach(() => {
  for (const vendor of [vendors.stripe, vendors.fgo, vendors.anaf]) vendor.behave("well");
  vendors.fgo.refuses(null);
});
afterAll(async () => {
  expect(vendors.stripe.misfits).toEqual([]);
  await Promise.all([clinic.drop(), vendors.stop()]);
});

const run = (name: string, payload: object, job = {}) => runTask(clinic, name, payload, outside, job);
const attempt = (id: string) =>
  one<{ status: string; failure_code: string | null; amount: string; provider_payment_id: string | null }>(
    clinic,
    "select status, failure_code, amount, provider_payment_id from app_public.payment_attempts where id = $1",
    [id],
  );
const invoice = (id: string) =>
  one<Record<string, unknown>>(
    clinic,
    `select status, payment_state, provider_state, provider_document_number, provider_error, tax_amount, total_amount, tax_state,
       tax_upload_id, tax_error from app_public.invoices where id = $1`,
    [id],
  );
const intents = (id: string) =>
  vendors.stripe.all("payment_intents").filter(({ metadata }) => metadata.attempt_id === id);

describe("BIL-04, BIL-05: charge_invoice", () => {
  test("takes what is due with tax, once however often it runs, and the invoice is paid", async () => {
    const invoiceId = await invoiceOf(clinic, "manual", true);
    const id = await attemptOf(clinic, invoiceId);
    for (let n = 0; n < 3; n++) await run("charge_invoice", { attemptId: id });
    expect(intents(id)).toMatchObject([{ amount: 12_100, currency: "ron" }]);
    expect(await attempt(id)).toMatchObject({ status: "succeeded", provider_payment_id: intents(id)[0]?.id });
    expect(await invoice(invoiceId)).toMatchObject({ status: "paid", payment_state: "paid" });
  });

  test("waits for the document that says what the invoice comes to", async () => {
    const invoiceId = await invoiceOf(clinic, "fgo", false);
    const id = await attemptOf(clinic, invoiceId);
    await run("charge_invoice", { attemptId: id });
    expect(intents(id)).toEqual([]);
    expect(await attempt(id)).toMatchObject({ status: "queued" });
    await run("issue_document", { kind: "invoice", id: invoiceId });
    await run("charge_invoice", { attemptId: id });
    expect(intents(id)).toMatchObject([{ amount: 12_100 }]);
  });

  test("a lost answer is recorded as unknown, queued again, and found without a second charge", async () => {
    const id = await attemptOf(clinic, await invoiceOf(clinic, "manual", true));
    vendors.stripe.behaveFor(1, "is broken after", /POST \/v1\/payment_intents/);
    await run("charge_invoice", { attemptId: id });
    expect(await attempt(id)).toMatchObject({ status: "unknown" });
    const queued = await one<{ n: number }>(
      clinic,
      "select count(*)::int as n from graphile_worker._private_jobs where key = $1",
      [`charge_invoice:${id}`],
    );
    expect(queued.n).toBe(1);
    vendors.stripe.moveClock(2 * 86_400);
    await run("charge_invoice", { attemptId: id });
    expect(intents(id)).toHaveLength(1);
    expect(await attempt(id)).toMatchObject({ status: "succeeded" });
  });

  test("a declined card fails the try with its code", async () => {
    vendors.stripe.addCard(clinic.customer, { decline: "expired_card" });
    const id = await attemptOf(clinic, await invoiceOf(clinic, "manual", true));
    await run("charge_invoice", { attemptId: id });
    vendors.stripe.addCard(clinic.customer);
    expect(await attempt(id)).toMatchObject({ status: "failed", failure_code: "expired_card" });
  });

  test("keys that are refused and a vendor that is down fail the job and leave the try as it is", async () => {
    const id = await attemptOf(clinic, await invoiceOf(clinic, "manual", true));
    vendors.stripe.behave({ status: 401 });
    await expect(run("charge_invoice", { attemptId: id })).rejects.toThrow("stripe HTTP 401");
    vendors.stripe.behave({ status: 429, retryAfter: 1 });
    const began = performance.now();
    await expect(run("charge_invoice", { attemptId: id })).rejects.toThrow("stripe HTTP 429");
    expect(performance.now() - began).toBeGreaterThan(950);
    vendors.stripe.behave("well");
    await run("charge_invoice", { attemptId: id });
    expect(await attempt(id)).toMatchObject({ status: "succeeded" });
  });

  test("a status that nobody knows is kept as unknown and told in the log", async () => {
    vendors.stripe.addCard(clinic.customer, { status: "in_review" });
    const id = await attemptOf(clinic, await invoiceOf(clinic, "manual", true));
    const said: string[] = [];
    await run("charge_invoice", { attemptId: id }, { said });
    vendors.stripe.addCard(clinic.customer);
    expect(await attempt(id)).toMatchObject({ status: "unknown", failure_code: "in_review" });
    expect(said).toEqual(["stripe says in_review of a charge, which nobody knows"]);
  });
});

describe("BIL-05: make_refund", () => {
  test("gives money back once, and its credit note is issued for it", async () => {
    const invoiceId = await invoiceOf(clinic, "fgo", false);
    const id = await attemptOf(clinic, invoiceId);
    await run("issue_document", { kind: "invoice", id: invoiceId });
    await run("charge_invoice", { attemptId: id });
    const { refund, note } = await refundOf(clinic, id, 1_210);
    vendors.stripe.behaveFor(1, "is broken after", /POST \/v1\/refunds/);
    for (let n = 0; n < 3; n++) await run("make_refund", { refundId: refund });
    const made = vendors.stripe.all("refunds").filter(({ metadata }) => metadata.refund_id === refund);
    expect(made).toMatchObject([{ amount: 1_210, payment_intent: intents(id)[0]?.id }]);
    expect(await one(clinic, "select status from app_public.refunds where id = $1", [refund])).toEqual({
      status: "succeeded",
    });

    const before = vendors.fgo.documents.length;
    for (let n = 0; n < 2; n++) await run("issue_document", { kind: "credit_note", id: note });
    expect(vendors.fgo.documents.length).toBe(before + 1);
    expect(vendors.fgo.documents.at(-1)?.request.Continut).toMatchObject([{ NrProduse: -1, PretUnitar: 10 }]);
    const issued = await one<Record<string, unknown>>(
      clinic,
      "select provider_state, net_amount, tax_amount, total_amount, tax_state from app_public.credit_notes where id = $1",
      [note],
    );
    expect(issued).toEqual({
      provider_state: "issued",
      tax_state: "sent",
      net_amount: "1000",
      tax_amount: "210",
      total_amount: "1210",
    });
  });
});

describe("BIL-03: issue_document", () => {
  test("has FGO issue it, keeps its tax, and says that it is sent", async () => {
    const id = await invoiceOf(clinic, "fgo", false);
    await run("issue_document", { kind: "invoice", id });
    expect(await invoice(id)).toMatchObject({
      provider_state: "issued",
      provider_document_number: expect.stringMatching(/^RX \d{3}$/),
      tax_amount: "2100",
      total_amount: "12100",
      tax_state: "sent",
    });
  });

  test("what FGO refuses is told in its words and tried again; then it is issued once", async () => {
    const id = await invoiceOf(clinic, "fgo", false);
    vendors.fgo.refuses("Registrul pentru seria RX nu este definit sau a expirat.");
    await expect(run("issue_document", { kind: "invoice", id })).rejects.toThrow(/Registrul/);
    expect(await invoice(id)).toMatchObject({
      provider_state: "failed",
      provider_error: "fgo: Registrul pentru seria RX nu este definit sau a expirat.",
    });
    vendors.fgo.refuses(null);
    await run("issue_document", { kind: "invoice", id }, { attempts: 2 });
    expect(await invoice(id)).toMatchObject({ provider_state: "issued", provider_error: null });
  });

  test("one whose answers go on being lost is unknown, and no second one is made of it", async () => {
    const id = await invoiceOf(clinic, "fgo", false);
    const before = vendors.fgo.documents.length;
    vendors.fgo.behave("is broken after");
    for (const attempts of [1, 4]) {
      await expect(run("issue_document", { kind: "invoice", id }, { attempts })).rejects.toThrow();
    }
    expect(await invoice(id)).toMatchObject({ provider_state: "unknown" });
    vendors.fgo.behave("well");
    await run("issue_document", { kind: "invoice", id }, { attempts: 5 });
    expect(await invoice(id)).toMatchObject({ provider_state: "issued" });
    expect(vendors.fgo.documents.length).toBe(before + 1);
  });

  test("by Stripe, which gets to know the clinic by it; by nobody, our own document is the document", async () => {
    for (const provider of ["stripe", "manual"]) {
      const id = await invoiceOf(clinic, provider, false);
      await run("issue_document", { kind: "invoice", id });
      expect(await invoice(id)).toMatchObject({
        provider_state: "issued",
        total_amount: "10000",
        tax_state: "not_applicable",
      });
    }
  });

  test("a vendor that is declared and not built fails the job by name", async () => {
    const id = await invoiceOf(clinic, "smartbill", false);
    await expect(run("issue_document", { kind: "invoice", id })).rejects.toMatchObject({
      code: "CAPABILITY_NOT_BUILT",
    });
  });
});

describe("BIL-04: check_tax_states", () => {
  const issue = async () => {
    const id = await invoiceOf(clinic, "fgo", false);
    await run("issue_document", { kind: "invoice", id });
    return id;
  };
  const check = async (said: string[] = []) => {
    await clinic.admin.query(
      "set session_replication_role = replica; update app_public.invoices set tax_checked_at = null; set session_replication_role = origin",
    );
    await run("check_tax_states", {}, { said });
  };

  test("finds the upload by the number in the office's messages, each read once, and accepts", async () => {
    const id = await issue();
    await check();
    expect(await invoice(id)).toMatchObject({
      tax_state: "accepted",
      tax_upload_id: expect.any(String),
      tax_error: null,
    });
    const read = vendors.anaf.asked.filter((what) => what === "/descarcare").length;
    await issue();
    await check();
    expect(vendors.anaf.asked.filter((what) => what === "/descarcare").length).toBe(read + 1);
  });

  test("what it rejects is said with why; what it does not say stays sent; an unknown word is unknown", async () => {
    vendors.fgo.onIssued((number) => vendors.anaf.upload(number));
    const ids = [await issue(), await issue(), await issue()];
    for (const [index, id] of ids.entries()) {
      await clinic.admin.query("select app_hidden.record_tax_state('invoice', $1, 'sent', $2)", [
        id,
        vendors.anaf.upload(`X${index}`),
      ]);
    }
    const uploadOf = async (id?: string) => (await invoice(id as string)).tax_upload_id as string;
    vendors.anaf.judge(await uploadOf(ids[0]), "nok", "BR-RO-100");
    vendors.anaf.judge(await uploadOf(ids[2]), "in arbitraj");
    const said: string[] = [];
    await check(said);
    expect(await invoice(ids[0] as string)).toMatchObject({ tax_state: "rejected", tax_error: "BR-RO-100" });
    expect(await invoice(ids[1] as string)).toMatchObject({ tax_state: "sent" });
    expect(await invoice(ids[2] as string)).toMatchObject({ tax_state: "unknown", tax_error: "in arbitraj" });
    expect(said).toContain("anaf says in arbitraj of a document, which nobody knows");
  });

  test("where the office does not answer, the nearing deadline is told all the same", async () => {
    const id = await issue();
    await clinic.admin.query("set session_replication_role = replica");
    await clinic.admin.query(
      "update app_public.invoices set tax_deadline_on = current_date + 1 where id = $1",
      [id],
    );
    await clinic.admin.query("set session_replication_role = origin");
    vendors.anaf.behave("is broken");
    await expect(check()).rejects.toThrow("anaf HTTP 503");
    const told =
      "select count(*)::int as n from app_private.events where name = 'invoice.tax_deadline_near' and subject_id = $1";
    expect(await one(clinic, told, [id])).toEqual({ n: 1 });
  });
});
