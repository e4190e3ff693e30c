import { Refusal } from "../../runtime/refusal.ts";

const WEIGHTS = [7, 5, 3, 2, 1, 7, 5, 3, 2];

/**
 * A tax id as it is stored: capital letters and digits, without spaces. Of Romania (CUI) the control digit is checked, with or
 * without RO before it; of other countries its shape. Throws VALIDATION tax_id_invalid, without repeating it.
 */
export function readTaxId(given: string, country: string): string {
  const taxId = given.replaceAll(/[\s.\-/]/g, "").toUpperCase();
  const fits = country === "RO" ? isCui(taxId) : /^(?=.*\d)[A-Z0-9]{4,20}$/.test(taxId);
  if (!fits) throw new Refusal("VALIDATION", "tax_id_invalid", { field: "taxId" });
  return taxId;
}

/** The end of it, by which people recognise it: four characters, and never more than half of it. */
export function endOf(taxId: string): string {
  return taxId.slice(-Math.min(4, Math.floor(taxId.length / 2)));
}

/** The last digit follows from the others: their sum by weights, times ten, modulo eleven, where ten counts as zero. */
function isCui(taxId: string): boolean {
  const digits = /^(?:RO)?(\d{2,10})$/.exec(taxId)?.[1];
  if (digits === undefined) return false;
  const body = [...digits.slice(0, -1).padStart(WEIGHTS.length, "0")].map(Number);
  const sum = body.reduce((total, digit, place) => total + digit * (WEIGHTS[place] as number), 0);
  return ((sum * 10) % 11) % 10 === Number(digits.at(-1));
}
