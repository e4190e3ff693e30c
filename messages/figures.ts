import type { Locale } from "./moment.ts";

const locales = { ro: "ro-RO", en: "en-GB" } as const;

/** The amounts and days of a message as people write them: `paidAmount` in minor units of its `currency`, `receivedOn` a day. */
export function writeFigures(data: Record<string, unknown>, locale: Locale): Record<string, string> {
  const { currency } = data;
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      if (typeof value !== "string") return [];
      if (name.endsWith("Amount") && typeof currency === "string") {
        return [[name, writeAmount(BigInt(value), currency, locale)]];
      }
      if (name.endsWith("On") && /^\d{4}-\d{2}-\d{2}$/.test(value)) return [[name, writeDay(value, locale)]];
      return [];
    }),
  );
}

/** An amount in minor units of a currency: "1.234,50 RON", "RON 1,234.50". No float is in between. */
export function writeAmount(amount: bigint, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(locales[locale], { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const decimal = digits === 0 ? whole : `${whole}.${text.slice(-digits)}`;
  // A string of digits is formatted exactly; its type wants to see the literal.
  return format.format(`${amount < 0n ? "-" : ""}${decimal}` as `${number}`).replace(/\s/g, " ");
}

/** A calendar day, which is the same everywhere: "1 martie 2027". */
function writeDay(day: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locales[locale], {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00:00Z`));
}
