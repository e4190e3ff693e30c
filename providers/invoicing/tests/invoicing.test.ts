import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ifBusy } from "../../../db/testing/busy.ts";
import { OutcomeUnknown, Refused } from "../../failures.ts";
import { stripePayments } from "../../payment/stripe.ts";
import { type StripeVendor, startStripe } from "../../stripe/tests/stripe_double.ts";
import { type Effect, keepsTheContract, newId } from "../../tests/billing_contract.ts";
import { fgoInvoices } from "../fgo.ts";
import { fgoHash } from "../fgo_client.ts";
import { type DocumentToIssue, type InvoicingVendor, invoicingVendorsFrom } from "../index.ts";
import { stripeInvoices } from "../stripe.ts";
import { type FgoVendor, startFgo } from "./fgo_double.ts";

let stripe: StripeVendor;
let fgo: FgoVendor;
let customerId: string;
beforeAll(async () => {
  [stripe, fgo] = await Promise.all([startStripe(), startFgo()]);
  const update = {
    organizationId: newId(),
    customerId: null,
    name: "Atlas",
    email: "a@atlas.test",
    currency: "RON",
    returnUrl: "https://restartix.test/",
  };
  await stripePayments(stripe.account).startCardUpdate(update, async (id) => {
    customerId = id;
  });
});
beforeEach(() => {
  stripe.tax(21n);
  fgo.refuses(null);
  fgo.pace(0);
  fgo.showsDuplicates(true);
});
afterAll(async () => {
  expect(stripe.misfits).toEqual([]);
  await Promise.all([stripe.stop(), fgo.stop()]);
});

const billedTo = {
  legalName: "Clinica  Țăranu SRL",
  street: "Strada Lungă 1",
  city: "Cluj-Napoca",
  county: "Cluj",
  postalCode: "400001",
  country: "RO",
  registrationNumber: "J12/1/2020",
  taxId: "RO12345678",
  email: "facturi@atlas.test",
};
const invoiceOf = (id: string): DocumentToIssue => ({
  kind: "invoice",
  id,
  number: "RX-12",
  issuedOn: "2026-12-01",
  dueOn: "2026-12-15",
  currency: "RON",
  netAmount: 12_345n,
  billedTo,
  lines: [
    { description: "Abonament Start, decembrie", amount: 12_000n },
    { description: "SMS: 69 × 5 bani", amount: 345n },
  ],
  credits: null,
  organizationId: "01930000-0000-7000-8000-00000000000a",
  customerId,
});
const known = async () => expect.unreachable("the clinic was known");
const noteOf = (id: string, documentId: string, amount = 345n): DocumentToIssue => ({
  ...invoiceOf(id),
  kind: "credit_note",
  number: "RXS-1",
  dueOn: null,
  netAmount: amount,
  lines: [{ description: "SMS: 69 × 5 bani", amount }],
  credits: { number: "RX-12", documentId },
});
const idOf = (vendor: InvoicingVendor, document: DocumentToIssue) =>
  vendor.issue(document, known).then(({ documentId }) => documentId);

const quick = { timeoutMs: ifBusy(1_000), spacingMs: 0 };
const atFgo = () => fgoInvoices(fgo.account, quick);
const strangerAtFgo = () => fgoInvoices({ ...fgo.account, privateKey: "FGO-KEY-OF-ANOTHER" }, quick);
const atStripe = () => stripeInvoices(stripe.account, ifBusy(1_000));
const strangerAtStripe = () =>
  stripeInvoices({ ...stripe.account, secretKey: "sk_test_of_somebody_else" }, ifBusy(1_000));

describe("BIL-03, BIL-04: invoices at FGO", () => {
  keepsTheContract(
    (): Effect => ({
      faults: fgo,
      hangUps: 1,
      request: /emitere/,
      make: (id) => idOf(atFgo(), invoiceOf(id)),
      makeAsStranger: (id) => idOf(strangerAtFgo(), invoiceOf(id)),
      made: () => fgo.documents.length,
      unknown: null,
    }),
  );

  test("the tax is what FGO adds, lines go at our amounts, and the name is hashed as it is sent", async () => {
    const issued = await atFgo().issue(invoiceOf(newId()), known);
    expect(issued).toMatchObject({
      taxAmount: 2_592n,
      totalAmount: 14_937n,
      number: expect.stringMatching(/^RX \d{3}$/),
    });
    expect(fgo.documents.at(-1)?.request).toMatchObject({
      Valuta: "RON",
      DataScadenta: "2026-12-15",
      Client: { Denumire: "Clinica Țăranu SRL", CodUnic: "RO12345678", Judet: "Cluj" },
      Continut: [
        { NrProduse: 1, PretUnitar: 120, CotaTVA: 21 },
        { NrProduse: 1, PretUnitar: 3.45, CotaTVA: 21 },
      ],
    });
    // FGO's own example.
    const example = { ...fgo.account, companyCode: "2864518", privateKey: "1234567890" };
    expect(fgoHash(example, "Ionescu Popescu")).toBe("8C3A7726804C121C6933F7D68494B439463996E2");
  });

  test("what its total does not show is found out by the next try, without another document", async () => {
    const document = invoiceOf(newId());
    fgo.behaveFor(1, "is broken", /getstatus/);
    await expect(atFgo().issue(document, known)).rejects.toBeInstanceOf(OutcomeUnknown);
    const made = fgo.documents.length;
    expect(await atFgo().issue(document, known)).toMatchObject({ totalAmount: 14_937n });
    expect(fgo.documents).toHaveLength(made);
  });

  test("a document that FGO has and does not show is unknown, and never issued again", async () => {
    const document = invoiceOf(newId());
    fgo.showsDuplicates(false);
    fgo.behaveFor(1, "hangs up after", /emitere/);
    await expect(atFgo().issue(document, known)).rejects.toBeInstanceOf(OutcomeUnknown);
    const made = fgo.documents.length;
    await expect(atFgo().issue(document, known)).rejects.toThrow("fgo has the document and does not show it");
    expect(fgo.documents).toHaveLength(made);
  });

  test("what FGO does not take is refused in its own words, without its sources", async () => {
    fgo.refuses("System.Exception: Registrul pentru seria RX nu este definit.\r\n   at Fgo.PublicApi");
    await expect(atFgo().issue(invoiceOf(newId()), known)).rejects.toEqual(
      new Refused("fgo: Registrul pentru seria RX nu este definit."),
    );
  });

  test("one request a second leaves, however many are asked for at once", async () => {
    fgo.pace(1_000);
    const vendor = fgoInvoices(fgo.account);
    const issued = await Promise.all([newId(), newId()].map((id) => vendor.issue(invoiceOf(id), known)));
    expect(new Set(issued.map(({ documentId }) => documentId)).size).toBe(2);
  }, 20_000);
});

describe("BIL-05: credit notes at FGO", () => {
  keepsTheContract(
    (): Effect => ({
      faults: fgo,
      hangUps: 1,
      request: /emitere/,
      make: (id) => idOf(atFgo(), noteOf(id, "RX/001")),
      makeAsStranger: (id) => idOf(strangerAtFgo(), noteOf(id, "RX/001")),
      made: () => fgo.documents.length,
      unknown: null,
    }),
  );

  test("they are documents of negative quantities that name what they credit", async () => {
    expect(await atFgo().issue(noteOf(newId(), "RX/001"), known)).toMatchObject({
      taxAmount: 72n,
      totalAmount: 417n,
    });
    expect(fgo.documents.at(-1)?.request).toMatchObject({
      Explicatii: "RXS-1, storno RX-12",
      Continut: [{ NrProduse: -1, PretUnitar: 3.45 }],
    });
  });
});

describe("BIL-03, BIL-04: invoices at Stripe", () => {
  keepsTheContract(
    (): Effect => ({
      faults: stripe,
      hangUps: 2,
      request: /^POST \/v1\/invoices$/,
      make: (id) => idOf(atStripe(), invoiceOf(id)),
      makeAsStranger: (id) => idOf(strangerAtStripe(), invoiceOf(id)),
      made: () => stripe.all("invoices").length,
      unknown: null,
    }),
  );

  test.each(["POST /v1/invoiceitems", "finalize"])(
    "cut short at %s, it goes on where it was: each line once, and one number",
    async (request) => {
      const document = invoiceOf(newId());
      stripe.behaveFor(2, "hangs up after", new RegExp(request));
      await expect(atStripe().issue(document, known)).rejects.toBeInstanceOf(OutcomeUnknown);
      stripe.moveClock(2 * 86_400);
      const issued = await atStripe().issue(document, known);
      expect(issued).toMatchObject({ taxAmount: 2_592n, totalAmount: 14_937n });
      const items = stripe.all("invoiceitems").filter(({ invoice }) => invoice === issued.documentId);
      expect(items.map(({ amount }) => amount).sort()).toEqual([12_000, 345]);
    },
  );

  test("Stripe neither collects nor sends it, and makes a clinic that it does not know", async () => {
    await atStripe().issue(invoiceOf(newId()), known);
    expect(stripe.all("invoices")[0]).toMatchObject({
      auto_advance: false,
      collection_method: "send_invoice",
    });
    const kept: string[] = [];
    const stranger = { ...invoiceOf(newId()), customerId: null, organizationId: newId() };
    await atStripe().issue(stranger, async (id) => void kept.push(id));
    expect(kept).toEqual([stripe.all("customers")[0]?.id]);
  });
});

describe("BIL-05: credit notes at Stripe", () => {
  let invoiceId: string;
  beforeAll(async () => {
    invoiceId = await idOf(atStripe(), {
      ...invoiceOf(newId()),
      netAmount: 9_000_000n,
      lines: [{ description: "Pro", amount: 9_000_000n }],
    });
  });
  keepsTheContract(
    (): Effect => ({
      faults: stripe,
      hangUps: 2,
      request: /^POST \/v1\/credit_notes/,
      make: (id) => idOf(atStripe(), noteOf(id, invoiceId)),
      makeAsStranger: (id) => idOf(strangerAtStripe(), noteOf(id, invoiceId)),
      made: () => stripe.all("credit_notes").length,
      unknown: null,
    }),
  );

  test("more than the invoice is refused", async () => {
    await expect(atStripe().issue(noteOf(newId(), invoiceId, 90_000_000n), known)).rejects.toBeInstanceOf(
      Refused,
    );
  });
});

describe("BIL-03: who issues", () => {
  test("our own document is the document where nobody else is chosen; smartbill and efactura are declared and not built", async () => {
    const vendors = invoicingVendorsFrom({});
    const document = invoiceOf(newId());
    expect(await vendors.for("manual").issue(document, known)).toEqual({
      documentId: document.id,
      number: "RX-12",
      url: null,
      taxAmount: 0n,
      totalAmount: 12_345n,
    });
    for (const provider of ["smartbill", "efactura"]) {
      expect(() => vendors.for(provider)).toThrow(
        expect.objectContaining({
          code: "CAPABILITY_NOT_BUILT",
          reason: "provider_not_built",
          details: { provider },
        }),
      );
    }
    expect(() => vendors.for("fgo")).toThrow("no account is set up at fgo");
    expect(() => vendors.for("oblio")).toThrow("there is no adapter for oblio");
    expect(() => invoicingVendorsFrom({ FGO_PRIVATE_KEY: "0123456789" })).toThrow(/FGO_COMPANY_CODE must be/);
    const whole = {
      FGO_PRIVATE_KEY: "0123456789",
      FGO_COMPANY_CODE: "2864518",
      FGO_SERIES: "RX",
      FGO_VAT_RATE: "21",
    };
    expect(invoicingVendorsFrom(whole).for("fgo").provider).toBe("fgo");
  });
});
