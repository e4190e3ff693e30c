import { Refusal } from "../../runtime/refusal.ts";

/** So many a second, after so many at once. */
export type Rate = { perSecond: number; burst: number };

/** How many sessions are looked at before those are forgotten that may do everything again. */
const MOST = 50_000;

/** What one session may ask for in a time. One that asks too often is told when to come again. */
export function createRate({ perSecond, burst }: Rate, now = () => performance.now()) {
  const left = new Map<string, { count: number; at: number }>();
  const countAt = (known: { count: number; at: number }, at: number) =>
    Math.min(burst, known.count + ((at - known.at) / 1000) * perSecond);
  return (session: string): void => {
    const at = now();
    const known = left.get(session);
    const count = known ? countAt(known, at) : burst;
    if (count < 1) {
      throw new Refusal("RATE_LIMITED", "too_many", {
        retryAfterSeconds: Math.ceil((1 - count) / perSecond),
      });
    }
    left.set(session, { count: count - 1, at });
    if (left.size <= MOST) return;
    for (const [other, what] of left) if (countAt(what, at) >= burst) left.delete(other);
  };
}
