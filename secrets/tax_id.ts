import type { Place } from "./envelope.ts";

/** Where the tax id that a clinic is billed by lies sealed (BIL-10). */
export function taxIdPlace(organizationId: string): Place {
  return { table: "app_public.organization_billing", column: "tax_id", row: organizationId };
}
