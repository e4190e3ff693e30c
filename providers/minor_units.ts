/** How many digits a currency has after the point: 2 of RON, 0 of JPY. */
function digitsOf(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/** An amount in minor units as vendors write it with a point: 123456n RON is "1234.56". No float is in between. */
export function toDecimal(amount: bigint, currency: string): string {
  const digits = digitsOf(currency);
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const sign = amount < 0n ? "-" : "";
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-digits)}`;
}

/** What a vendor wrote with a point, in minor units; null for what is no amount of the currency, such as half a ban. */
export function fromDecimal(text: string, currency: string): bigint | null {
  const digits = digitsOf(currency);
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const [, sign, whole = "", fraction = ""] = match;
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  const amount = BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  return sign ? -amount : amount;
}

/**
 * An amount as a number for JSON, which has no other: digits and point are as in `toDecimal`. Throws a RangeError for one that a
 * number would write otherwise.
 */
export function toJsonNumber(text: string): number {
  const number = Number(text);
  const plain = text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
  if (String(number) !== plain) throw new RangeError("an amount has too many digits");
  return number;
}

/** Minor units as an integer of JavaScript, which Stripe's SDK wants. Throws a RangeError beyond what is exact. */
export function toInteger(amount: bigint): number {
  const number = Number(amount);
  if (!Number.isSafeInteger(number)) throw new RangeError("an amount has too many digits");
  return number;
}
