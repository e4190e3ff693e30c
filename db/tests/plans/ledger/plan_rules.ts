/**
 * What the ledger must say, written from the rules of docs/decisions/0102 and not from the SQL: days are whole numbers, periods are
 * lists of what was in force from which day. Every step happens at noon, so a midnight has passed or not.
 */
export type Kind = "sessions" | "treatment_plan_assignments";
export type Months = 1 | 3 | 12;
export type Terms = { period: Months; quantity: number; carry: boolean; prorate: boolean };
export type Tier = { billing: Months; includes: (Terms | null)[] };
export type Status = "pending" | "trialing" | "active" | "past_due" | "canceled" | "expired";
export type Step =
  | { do: "advance"; days: number }
  | { do: "settle" }
  | { do: "start"; tier: number; status: "pending" | "trialing" | "active"; trialDays: number }
  | { do: "move"; to: Status }
  | { do: "tier"; tier: number }
  | { do: "ends"; days: number | null }
  | { do: "edit"; tier: number; plan: number; terms: Terms | null }
  | { do: "buy" }
  | { do: "debit" | "restore"; subject: number; kind: Kind };
/** entry, quantity, balance, the day it counts from, the first day of its period. */
export type Line = [string, number, number, number, number | null];

/** What the three plans that tiers include count, and the one that is bought. */
export const counts: Partial<Record<Kind, number>>[] = [
  { sessions: 2 },
  { sessions: 3 },
  { sessions: 1, treatment_plan_assignments: 2 },
];
export const bought = { sessions: 3, days: 20 };
export const kinds: Kind[] = ["sessions", "treatment_plan_assignments"];

const legal: Record<Status, Status[]> = {
  pending: ["trialing", "active", "canceled"],
  trialing: ["active", "past_due", "canceled"],
  active: ["past_due", "canceled"],
  past_due: ["active", "canceled"],
  canceled: [],
  expired: [],
};

/** Why staff may not move a subscription so; null where they may. What runs goes on trial by a provider's report alone. */
export function refusedMove(from: Status, to: Status): string | null {
  if (to === "trialing" && (from === "active" || from === "past_due")) return "move_not_allowed";
  return legal[from].includes(to) ? null : "illegal_move";
}

/** The same day of another month, or its last: both counted from 1970. */
export function monthsAfter(day: number, months: number): number {
  const from = new Date(day * 86_400_000);
  const target = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0));
  return (
    Date.UTC(
      target.getUTCFullYear(),
      target.getUTCMonth(),
      Math.min(from.getUTCDate(), target.getUTCDate()),
    ) / 86_400_000
  );
}

export type Account = {
  name: string;
  kind: Kind;
  lines: Line[];
  left: number;
  first: number | null;
  last: number | null;
  toMonth: number;
  length: number;
  /** What earlier terms come to for the days before, and what is in force since. */
  before: number;
  quantity: number;
  given: number | null;
};

/** What of a quantity falls to the days of its period before this one. */
export function share({ first, last }: Account, quantity: number, day: number): number {
  const days = (last as number) - (first as number);
  const passed = Math.max(0, Math.min(days, day - (first as number)));
  return Math.floor((2 * quantity * passed + days) / (2 * days));
}

export type Plan = {
  name: string;
  plan: number;
  terms: Terms | null;
  ended: boolean;
  validUntil: number | null;
  accounts: Account[];
};
export type Subscription = {
  status: Status;
  tier: number;
  billing: number;
  anchor: number | null;
  month: number;
  periodMonth: number;
  trialEnds: number | null;
  ends: number | null;
  plans: Plan[];
};
/** An account with whose it is. */
export type Held = { account: Account; plan: Plan; subscription: Subscription | null };

/** What may be used of a kind now, in the order in which it is. */
export function whatLapsesFirst(all: Held[], kind: Kind): Held[] {
  return all
    .filter(
      ({ account, plan, subscription }) =>
        account.kind === kind &&
        !plan.ended &&
        (!subscription || ["trialing", "active"].includes(subscription.status)),
    )
    .map((one) => ({
      ...one,
      lapses: one.plan.validUntil ?? (one.plan.terms?.carry ? Infinity : (one.account.last as number)),
    }))
    .sort((one, other) => (one.lapses === other.lapses ? 0 : one.lapses - other.lapses));
}
