/** How values are written, by Intl, in the document's language and time zone: never in those of the process. */
export type Writing = { locale: string; timezone: string; words: { yes: string; no: string } };

const dates: Record<string, Intl.DateTimeFormatOptions> = {
  date: { day: "2-digit", month: "2-digit", year: "numeric" },
  date_long: { day: "numeric", month: "long", year: "numeric" },
  date_time: { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit" },
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** The value as words. Without a format its shape decides: a day, an instant, an amount, a number. */
export function written(value: unknown, format: string | undefined, how: Writing): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value))
    return value
      .map((one) => written(one, format, how))
      .filter(Boolean)
      .join(", ");
  if (typeof value === "boolean") return value ? how.words.yes : how.words.no;
  if (isMoney(value)) return money(value, how);
  if (typeof value === "number") return number(value, format, how);
  if (typeof value !== "string") return "";
  if (DAY.test(value)) return day(value, format, how);
  if (INSTANT.test(value)) return instant(value, format, how);
  return value;
}

/** A calendar day is the same day everywhere. */
function day(value: string, format: string | undefined, { locale }: Writing): string {
  const options = dates[format === "date_long" ? format : "date"];
  return dateFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(`${value}T00:00:00Z`));
}

function instant(value: string, format: string | undefined, { locale, timezone }: Writing): string {
  const options = dates[format ?? "date"] ?? dates.date;
  return dateFormat(locale, { ...options, hourCycle: "h23", timeZone: timezone }).format(new Date(value));
}

function number(value: number, format: string | undefined, { locale }: Writing): string {
  const digits = format === "number_1" ? 1 : format === "number_2" ? 2 : undefined;
  const options =
    digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return numberFormat(locale, options).format(value);
}

type Money = { amount: number; currency: string };

/** Amounts are in the currency's smallest unit. */
function isMoney(value: unknown): value is Money {
  return (
    typeof value === "object" &&
    value !== null &&
    Number.isSafeInteger((value as Money).amount) &&
    /^[A-Z]{3}$/.test((value as Money).currency)
  );
}

function money({ amount, currency }: Money, { locale }: Writing): string {
  const format = numberFormat(locale, { style: "currency", currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** Made once each: a table asks for the same one in every row. */
const formatters = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function kept<Made extends Intl.DateTimeFormat | Intl.NumberFormat>(key: unknown[], make: () => Made): Made {
  const text = JSON.stringify(key);
  const made = (formatters.get(text) as Made | undefined) ?? make();
  if (formatters.size < 200) formatters.set(text, made);
  return made;
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(["date", locale, options], () => new Intl.DateTimeFormat(locale, options));
}

function numberFormat(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(["number", locale, options], () => new Intl.NumberFormat(locale, options));
}
