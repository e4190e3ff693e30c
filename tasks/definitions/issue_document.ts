import type { PoolClient } from "pg";
import { z } from "zod";
import { OutcomeUnknown, Refused } from "../../providers/failures.ts";
import type { DocumentToIssue } from "../../providers/invoicing/index.ts";
import type { Secrets } from "../../secrets/index.ts";
import { notYet, once } from "../effects/once.ts";
import { defineTask } from "../task.ts";
import { heed } from "../vendor_trouble.ts";

const text = z.string().nullable();
const row = z.object({
  organization_id: z.uuid(),
  provider: z.string(),
  state: z.string(),
  series: z.string(),
  number: z.string(),
  currency: z.string(),
  issued_on: z.string(),
  due_on: text,
  net_amount: z.string().transform(BigInt),
  billed_to: z.object({
    legalName: z.string(),
    street: z.string(),
    city: z.string(),
    county: z.string(),
    postalCode: text,
    country: z.string(),
    registrationNumber: text,
    billingEmail: z.string(),
  }),
  tax_id: z.instanceof(Buffer).nullable(),
  tax_id_sealed_for: text,
  lines: z.array(
    z.object({ descriptions: z.object({ ro: z.string(), en: z.string() }), amount: z.number().int() }),
  ),
  invoice: z
    .object({
      series: z.string(),
      number: z.number(),
      providerDocumentId: text,
    })
    .nullable(),
  provider_customer_id: text,
});

/** How many tries may be lost before it is told that nobody knows whether a document is issued. */
const LOST = 4;

/**
 * Has an invoice or a credit note issued by who issues the clinic's documents (BIL-03, BIL-04). Our id is the key towards the vendor, which
 * answers the document that it has. What the vendor refuses is told at once, and tried again until the job is a dead letter: a
 * series that is missing there is made in a day, and no document may be forgotten.
 */
export default defineTask({
  payload: z.object({ kind: z.enum(["invoice", "credit_note"]), id: z.uuid() }),

  async run({ kind, id }, { withPgClient, job, abortSignal }, { invoicing, secrets }) {
    const effect = { key: `document:${kind}:${id}`, by: job.locked_by ?? "unknown" };
    await once(withPgClient, effect, async (client) => {
      const { rows } = await client.query(
        `select organization_id, provider, state, series, number, currency, issued_on::text, due_on::text, net_amount, billed_to,
           tax_id, tax_id_sealed_for, lines, invoice, provider_customer_id
         from app_hidden.document_to_issue($1, $2)`,
        [kind, id],
      );
      if (!rows[0]) return notYet;
      const found = row.parse(rows[0]);
      if (found.state === "issued") return found.state;
      try {
        if (!invoicing) throw new Refused("no invoicing vendor is set up");
        const vendor = invoicing.for(found.provider);
        const issued = await vendor.issue(await documentOf(kind, id, found, secrets), async (customerId) => {
          await client.query("select app_hidden.record_payment_customer($1, $2, $3)", [
            found.organization_id,
            found.provider,
            customerId,
          ]);
        });
        await client.query("select app_hidden.record_document_issued($1, $2, $3, $4, $5, $6, $7)", [
          kind,
          id,
          issued.documentId,
          issued.number,
          issued.url,
          issued.taxAmount,
          issued.totalAmount,
        ]);
        if (vendor.sendsToTaxOffice) {
          await client.query("select app_hidden.record_tax_state($1, $2, 'sent')", [kind, id]);
        }
        return { documentId: issued.documentId };
      } catch (error) {
        await tell(client, { kind, id }, error, job);
        await heed(error, abortSignal);
        throw error;
      }
    });
  },
});

/** What is worth telling: a refusal as it comes, a lost answer when it goes on, and the end of all tries. */
async function tell(
  client: PoolClient,
  { kind, id }: { kind: string; id: string },
  error: unknown,
  { attempts, max_attempts }: { attempts: number; max_attempts: number },
): Promise<void> {
  const isUnknown = error instanceof OutcomeUnknown;
  const isRefused = error instanceof Refused;
  const isDue = attempts >= max_attempts || (isRefused && attempts === 1) || (isUnknown && attempts === LOST);
  if (!isDue) return;
  const reason = error instanceof Error ? `${error.name} ${error.message}` : "failed";
  await client.query("select app_hidden.record_document_failed($1, $2, $3, $4)", [
    kind,
    id,
    isRefused || isUnknown ? error.message : reason,
    isUnknown,
  ]);
}

async function documentOf(
  kind: DocumentToIssue["kind"],
  id: string,
  found: z.output<typeof row>,
  secrets: Secrets,
): Promise<DocumentToIssue> {
  const { billed_to: billedTo, invoice, tax_id: envelope } = found;
  const language = billedTo.country === "RO" ? "ro" : "en";
  if (invoice && !invoice.providerDocumentId) throw new Refused("the invoice that it credits is not issued");
  return {
    kind,
    id,
    number: `${found.series}-${found.number}`,
    issuedOn: found.issued_on,
    dueOn: found.due_on,
    currency: found.currency,
    netAmount: found.net_amount,
    billedTo: {
      ...billedTo,
      email: billedTo.billingEmail,
      taxId: envelope && (await opened(secrets, found.organization_id, found.tax_id_sealed_for, envelope)),
    },
    // A credit note's lines are below zero here.
    lines: found.lines.map(({ descriptions, amount }) => ({
      description: descriptions[language],
      amount: kind === "credit_note" ? -BigInt(amount) : BigInt(amount),
    })),
    credits: invoice && {
      number: `${invoice.series}-${invoice.number}`,
      documentId: invoice.providerDocumentId as string,
    },
    organizationId: found.organization_id,
    customerId: found.provider_customer_id,
  };
}

/** The tax id, out of an envelope that stays bound to the row that it was sealed for: "app_public.organization_billing <id>". */
async function opened(
  secrets: Secrets,
  organizationId: string,
  sealedFor: string | null,
  envelope: Buffer,
): Promise<string> {
  const [table = "", sealedRow = ""] = sealedFor?.split(" ") ?? [];
  const place = { table, column: "tax_id", row: sealedRow };
  return (await secrets.open(organizationId, place, envelope)).toString("utf8");
}
