/**
 * What a clinic is billed, computed a second time: from the rules as the guide tells them (docs/guides/billing.md), not from
 * the SQL. All arithmetic is on whole numbers and fractions of them; a day is a number, a time a day and a minute.
 */

/** A fraction, its denominator above zero. */
export type Fraction = { n: bigint; d: bigint };

export const zero: Fraction = { n: 0n, d: 1n };
export const whole = (n: bigint): Fraction => ({ n, d: 1n });
export function plus(a: Fraction, b: Fraction): Fraction {
  if (a.d < b.d) return plus(b, a);
  // Decimals mostly: one denominator is a multiple of the other.
  return a.d % b.d === 0n
    ? { n: a.n + b.n * (a.d / b.d), d: a.d }
    : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}
export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
export const isMore = (a: Fraction, b: Fraction): boolean => a.n * b.d > b.n * a.d;

/** "12.345" as a fraction. */
export function decimal(text: string): Fraction {
  const [units = "0", fraction = ""] = text.split(".");
  return { n: BigInt(units + fraction), d: 10n ** BigInt(fraction.length) };
}

/** To the nearest whole number; a half goes away from zero. */
export function rounded({ n, d }: Fraction): bigint {
  const size = n < 0n ? -n : n;
  const up = (2n * size + d) / (2n * d);
  return n < 0n ? -up : up;
}

/** What of an amount is for the days from `from` to before `to`, of so many. */
export function share(amount: Fraction, days: number, from: number, to: number): bigint {
  const until = (day: number) => rounded(times(amount, { n: BigInt(day), d: BigInt(days) }));
  return until(to) - until(from);
}

export type Aggregation = "sum" | "count" | "max" | "unique" | "latest";

export const meters: Record<string, Aggregation> = {
  drawn: "sum",
  held: "max",
  kept: "latest",
  sent: "count",
  visited: "unique",
};

/** Of a meter: null is no limit at all, a hard one refuses what is beyond, a soft one without `price` is not billed. */
export type Limit = { included: number | null; price: string | null; hard: boolean } | null;

export type Tier = {
  monthly: number;
  annual: number;
  setup: number;
  markup: number;
  limits: Record<string, Limit>;
};

/** `back` is how many minutes ago it occurred. */
export type Step =
  | { do: "advance"; days: number }
  | { do: "use"; meter: string; key: number; quantity: string; subject: number; back: number }
  | { do: "ai"; cost: string | null; back: number }
  | { do: "price"; cost: string }
  | { do: "change"; tier: number }
  | { do: "cadence"; annual: boolean }
  | { do: "again" }
  | { do: "cancel" };

export type History = {
  tiers: Tier[];
  zone: string;
  /** Days since 1970. */
  firstDay: number;
  trialDays: number;
  annual: boolean;
  dedicated: boolean;
  tier: number;
  steps: Step[];
};

/** Kind, meter and amount of a line. */
export type Line = [kind: string, meter: string | null, amount: string];
export type Bill = {
  kind: string;
  period: number;
  lines: Line[];
  net: string;
  carried: string;
  invoiced: string | null;
};

/** So many months after a day, or the last day of a month that is too short. */
export function monthsAfter(day: number, months: number): number {
  const from = new Date(day * 86_400_000);
  const year = from.getUTCFullYear();
  const month = from.getUTCMonth() + months;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(from.getUTCDate(), last)) / 86_400_000;
}
