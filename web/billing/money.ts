import { type Language, locales } from "../components/language.ts";

/** An amount as the API gives it: minor units of its currency, as text; a price of a unit may have a fraction of them. */
type Amount = string | bigint;
type Decimal = `${number}`;

/** How many digits a currency has after its decimal sign: 2 of RON, 0 of JPY. */
function digitsOf(currency: string): number {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
  }).resolvedOptions();
  return maximumFractionDigits;
}

/** Minor units as a decimal number of whole ones, digit by digit: a float would round what is beyond its 53 bits. */
export function inWholes(amount: Amount, digits: number): Decimal {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(amount)) ?? [];
  const padded = whole.padStart(digits + 1, "0");
  const at = padded.length - digits;
  const decimals = padded.slice(at) + fraction;
  return `${sign}${padded.slice(0, at)}${decimals && `.${decimals}`}` as Decimal;
}

/** An amount as people of the language write it: 1.234,50 RON. */
export function money(amount: Amount, currency: string, language: Language): string {
  return new Intl.NumberFormat(locales[language], { style: "currency", currency }).format(
    inWholes(amount, digitsOf(currency)),
  );
}

/** The price of one unit, with as many digits as it has. */
export function unitPrice(amount: Amount, currency: string, language: Language): string {
  return new Intl.NumberFormat(locales[language], {
    style: "currency",
    currency,
    maximumFractionDigits: 12,
  }).format(inWholes(amount, digitsOf(currency)));
}

/** How many of something, as people of the language write it; the API gives text, for it may have more digits than a float. */
export function quantity(number: string | number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: 6 }).format(
    `${number}` as Decimal,
  );
}

/** How many of a unit; bytes as the gigabytes that people know. */
export function quantityOf(number: string | number, unit: string, language: Language): string {
  if (unit !== "byte") return quantity(number, language);
  return new Intl.NumberFormat(locales[language], {
    style: "unit",
    unit: "gigabyte",
    maximumFractionDigits: 2,
  }).format(Number(number) / 2 ** 30);
}

/** An amount as it stands in a field, to be changed there: 1234,50. */
export function typed(amount: Amount, currency: string, language: Language): string {
  const decimal = inWholes(amount, digitsOf(currency));
  return language === "ro" ? decimal.replace(".", ",") : decimal;
}

/**
 * What somebody typed as minor units of a currency; null where it is no amount above zero. A comma and a point both begin the decimals,
 * spaces separate thousands; anything else could mean two amounts.
 */
export function amountIn(text: string, currency: string): bigint | null {
  const digits = digitsOf(currency);
  const [, whole, decimals = ""] = /^(\d+)(?:[.,](\d+))?$/.exec(text.replace(/\s/g, "")) ?? [];
  if (whole === undefined || whole.length > 15 || decimals.length > digits) return null;
  const amount = BigInt(whole + decimals.padEnd(digits, "0"));
  return amount > 0n ? amount : null;
}

/**
 * What somebody typed as a price, in minor units as text; null where it is none. Zero is one, and the price of one unit may have a fraction
 * of minor units, of so many digits.
 */
export function priceIn(text: string, currency: string, fraction = 0): string | null {
  const digits = digitsOf(currency);
  const [, whole, decimals = ""] = /^(\d{1,15})(?:[.,](\d+))?$/.exec(text.replace(/\s/g, "")) ?? [];
  if (whole === undefined || decimals.length > digits + fraction) return null;
  const padded = decimals.padEnd(digits, "0");
  const rest = padded.slice(digits).replace(/0+$/, "");
  return `${BigInt(whole + padded.slice(0, digits))}${rest && `.${rest}`}`;
}

/** Amounts together. */
export function sumOf(amounts: readonly Amount[]): bigint {
  return amounts.reduce<bigint>((sum, amount) => sum + BigInt(amount), 0n);
}
