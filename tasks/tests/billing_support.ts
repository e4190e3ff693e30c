import type { JobHelpers } from "graphile-worker";
import { fgoInvoices } from "../../providers/invoicing/fgo.ts";
import { type InvoicingVendors, invoicingVendorsFrom } from "../../providers/invoicing/index.ts";
import { type FgoVendor, startFgo } from "../../providers/invoicing/tests/fgo_double.ts";
import { type StripeVendor, startStripe } from "../../providers/stripe/tests/stripe_double.ts";
import { type AnafVendor, startAnaf } from "../../providers/tax_office/tests/anaf_double.ts";
import { tasks } from "../registry.ts";
import type { Outside } from "../task.ts";
import { type Clinic, openClinic, transaction } from "./database.ts";

export type Vendors = {
  stripe: StripeVendor;
  fgo: FgoVendor;
  anaf: AnafVendor;
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
};

/** Stripe, FGO and ANAF, and the settings that lead to them. */
export async function startBillingVendors(): Promise<Vendors> {
  const [stripe, fgo, anaf] = await Promise.all([startStripe(), startFgo(), startAnaf()]);
  fgo.onIssued((number) => anaf.judge(anaf.upload(number), "ok"));
  return {
    stripe,
    fgo,
    anaf,
    env: {
      STRIPE_SECRET_KEY: stripe.account.secretKey,
      STRIPE_API_URL: stripe.account.apiUrl,
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      FGO_PRIVATE_KEY: fgo.account.privateKey,
      FGO_COMPANY_CODE: fgo.account.companyCode,
      FGO_SERIES: fgo.account.series,
      FGO_VAT_RATE: fgo.account.vatRate,
      FGO_API_URL: fgo.account.apiUrl,
      ANAF_ACCESS_TOKEN: anaf.access.token,
      ANAF_COMPANY_CODE: anaf.access.companyCode,
      ANAF_API_URL: anaf.access.apiUrl,
    },
    async stop() {
      await Promise.all([stripe.stop(), fgo.stop(), anaf.stop()]);
    },
  };
}

/** As the settings say, but that FGO takes requests as fast as they come. */
export function invoicingOf({
  fgo,
  env,
}: {
  fgo: Pick<FgoVendor, "account">;
  env: NodeJS.ProcessEnv;
}): InvoicingVendors {
  const chosen = invoicingVendorsFrom(env);
  const quick = fgoInvoices(fgo.account, { spacingMs: 0 });
  return { for: (provider) => (provider === "fgo" ? quick : chosen.for(provider)) };
}

/** A clinic that pays by card at Stripe and is billed through FGO, its card entered. */
export async function openBilledClinic(
  because: string,
  { stripe }: Vendors,
): Promise<Clinic & { customer: string }> {
  const clinic = await openClinic(because);
  const customer = `cus_of_${because.length}`;
  stripe.all("customers").push({ id: customer, object: "customer", created: 0, metadata: {} });
  stripe.addCard(customer);
  await clinic.admin.query("select tests.subscribes(tests.id('atlas'), 'stripe')");
  await clinic.admin.query("update app_public.organization_subscriptions set provider_customer_id = $1", [
    customer,
  ]);
  return { ...clinic, customer };
}

/** An invoice of 100 lei; with its document it comes to 121. */
export async function invoiceOf(clinic: Clinic, provider: string, hasDocument: boolean): Promise<string> {
  return transaction(clinic.admin, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      "select tests.issued_invoice(tests.id('atlas'), 10000, 2100, has_document => $1) as id",
      [hasDocument],
    );
    const id = rows[0]?.id as string;
    await client.query("set local session_replication_role = replica");
    await client.query(
      `update app_public.invoices set provider = $2, billed_to = jsonb_build_object('legalName', 'Atlas SRL', 'street', 'Strada Lungă 1',
         'city', 'Cluj-Napoca', 'county', 'Cluj', 'postalCode', null, 'country', 'RO', 'registrationNumber', 'J12/1/2020',
         'billingEmail', 'bills@atlas.test'), tax_state = case when $2 = 'fgo' then 'queued' else 'not_applicable' end,
         tax_deadline_on = current_date + 7
       where id = $1`,
      [id, provider],
    );
    return id;
  });
}

/** Queues a try to take the money of an invoice; answers with the try. */
export async function attemptOf(clinic: Clinic, invoiceId: string): Promise<string> {
  const { rows } = await clinic.admin.query(
    "select (app_private.queue_payment_attempt(tests.id('atlas'), $1)).id",
    [invoiceId],
  );
  return rows[0].id;
}

/** The platform gives a part of a payment back; answers with the refund and its credit note. */
export async function refundOf(
  clinic: Clinic,
  attemptId: string,
  amount: number,
): Promise<{ refund: string; note: string }> {
  return transaction(clinic.admin, async (client) => {
    await client.query(
      "select set_config('app.principal_id', tests.person('root', superadmin => true)::text, true)",
    );
    const { rows } = await client.query<{ refund: string; note: string }>(
      `select r.id as refund, r.credit_note_id as note
       from app_public.payments as p, lateral app_public.refund_payment(p.id, $2, 'A month that was not used') as r
       where p.attempt_id = $1`,
      [attemptId, amount],
    );
    return rows[0] as { refund: string; note: string };
  });
}

export async function one<T>(clinic: Clinic, sql: string, values: unknown[] = []): Promise<T> {
  return (await clinic.admin.query(sql, values)).rows[0];
}

/** Runs a task as the queue does, without the queue. */
export async function runTask(
  clinic: Clinic,
  name: string,
  payload: object,
  outside: Outside,
  { attempts = 1, said = [] as string[] } = {},
): Promise<void> {
  const say = (text: string) => void said.push(text);
  const helpers = {
    withPgClient: clinic.withPgClient,
    job: { id: "1", locked_by: "test", attempts, max_attempts: 25 },
    logger: { info: say, warn: say, error: say },
    abortSignal: undefined,
  } as unknown as JobHelpers;
  const task = tasks[name];
  if (!task) throw new Error(`there is no task ${name}`);
  await task.run(task.payload.parse(payload), helpers, outside);
}
