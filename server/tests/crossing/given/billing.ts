/** What clinics subscribe to, are billed and pay. */
import { leaves } from "../../billing/leaves.ts";
import type { World } from "../world.ts";
import { id, type Making, ofAtlas } from "./making.ts";

const tier = (world: World, slug: string) =>
  id(world, `select id from app_public.platform_tiers where slug = '${slug}'`);

/** An invoice of atlas that the provider has issued; nothing of it was paid. */
const invoice = (world: World) => id(world, "select tests.issued_invoice(tests.id('atlas'), 10000) as id");

/** A version of a tier that is being written. */
async function draft(world: World): Promise<string> {
  return id(world, "select id from app_public.platform_tier_versions where published_at is null");
}

export const ofBilling: Record<string, Making> = {
  cadenceChangePreview: ofAtlas({ cadence: "ANNUAL" }),
  changeOrganizationCadence: ofAtlas({ cadence: "ANNUAL", reason: "They want a year" }),
  changeOrganizationTier: async (world) => ({
    ...(await ofAtlas({ reason: "They grow" })(world)),
    tierId: await tier(world, "start"),
  }),
  creditInvoice: async (world) => {
    const invoiceId = await invoice(world);
    const lineId = await id(
      world,
      `select id from app_public.invoice_lines where invoice_id = '${invoiceId}'`,
    );
    return { invoiceId, lines: [{ lineId, amount: 100 }], reason: "Promised at the telephone" };
  },
  creditCarriedAmount: async (world) => {
    await world.api.sql(leaves("gone"));
    return {
      subscriptionId: await id(world, "select tests.id('subscription of gone') as id"),
      reason: "They left",
    };
  },
  draftPlatformTierVersion: async (world) => ({ tierId: await tier(world, "start") }),
  editPlatformTierVersion: async (world) => ({
    tierVersionId: await draft(world),
    trialDays: 30,
    aiMarkupBasisPoints: 3000,
    prices: [
      {
        currency: "RON",
        tenancyMode: "SHARED",
        monthlyAmount: "10000",
        annualAmount: "100000",
        setupAmount: "0",
      },
    ],
    limits: [],
    overagePrices: [],
  }),
  publishPlatformTierVersion: async (world) => ({ tierVersionId: await draft(world) }),
  recordBankTransfer: async (world) => ({
    invoiceId: await invoice(world),
    receivedOn: new Date().toISOString().slice(0, 10),
  }),
  refundPayment: async (world) => ({
    paymentId: await id(
      world,
      `select (app_private.settle_payment(tests.id('atlas'), '${await invoice(world)}', 'manual', 'bank_transfer', 'given', 10000, current_date)).id`,
    ),
    amount: "100",
  }),
  saveOrganizationBilling: ofAtlas({ country: "RO", currency: "RON", taxId: undefined }),
  setPlatformBankAccount: async () => ({
    currency: "RON",
    holder: "RestartiX SRL",
    iban: "RO49AAAA1B31007593840000",
    bank: "Banca de test",
    bic: undefined,
  }),
  setDocumentSeries: async () => ({ series: "ATLAS" }),
};
