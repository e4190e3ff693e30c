import { DatabaseError, type Pool } from "pg";
import { z } from "zod";
import type { Secrets } from "../../secrets/index.ts";
import { taxIdPlace } from "../../secrets/tax_id.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";
import { endOf, readTaxId } from "./tax_id.ts";

export const billingDetailsInput = z.object({
  organizationId: z.string(),
  legalName: z.string(),
  street: z.string(),
  city: z.string(),
  county: z.string(),
  postalCode: z.string().nullish(),
  country: z.string(),
  registrationNumber: z.string().nullish(),
  /** Absent: the one that is there stays. */
  taxId: z.string().nullish(),
  billingEmail: z.string(),
  currency: z.string(),
  timezone: z.string(),
  cadence: z.enum(["monthly", "annual"]),
});
export type BillingDetailsInput = z.output<typeof billingDetailsInput>;

/** What the schema does with billing details beyond SQL (BIL-10): it seals the tax id. */
export type BillingDetails = {
  /** Resolves with the clinic's id; throws a Refusal otherwise, and then nothing was written. */
  save(settings: Settings, input: BillingDetailsInput): Promise<string>;
};

/**
 * Saves as whom a clinic is billed. The tax id is sealed with the clinic's data key before SQL hears of it: the database gets an
 * envelope and the end of it. Permission is asked first, so that nobody makes us encrypt, and again where it is written.
 */
export function createBillingDetails({ pool, secrets }: { pool: Pool; secrets: Secrets }): BillingDetails {
  return {
    async save(settings, input) {
      const { organizationId } = input;
      await asCaller(pool, settings, (client) =>
        client.query("select app_hidden.require_billing_manager($1)", [organizationId]),
      );
      const taxId = input.taxId ? readTaxId(input.taxId, input.country) : null;

      const write = async () => {
        const envelope =
          taxId &&
          (await secrets.seal(organizationId, taxIdPlace(organizationId), Buffer.from(taxId, "utf8")));
        await asCaller(pool, settings, (client) =>
          client.query(
            "select app_hidden.save_organization_billing($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            [
              organizationId,
              input.legalName,
              input.street,
              input.city,
              input.county,
              input.postalCode || null,
              input.country,
              input.registrationNumber || null,
              input.billingEmail,
              input.currency,
              input.timezone,
              input.cadence,
              envelope,
              taxId && endOf(taxId),
            ],
          ),
        );
      };
      try {
        await write();
      } catch (error) {
        if (!(error instanceof DatabaseError && error.message === "data_key_not_in_use")) throw error;
        // A rotation retired the key we sealed with; the next one is there already.
        secrets.refresh(organizationId);
        await write();
      }
      return organizationId;
    },
  };
}
