import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment, Fault } from "./deployment.ts";
import { violations } from "./invariants.ts";
import { lostRecordings, recordings } from "./recordings.ts";
import { crowd, type Size } from "./visitors.ts";

export type Round = {
  n: number;
  fault: Fault;
  bookings: number;
  confirmed: number;
  recordings: number;
  sent: number;
  lost: number;
  settledMs: number;
  violations: string[];
};

/**
 * Under load, a fault at a random moment; then quiet, and a look at what holds. The faults take turns. The moment comes
 * when somebody has booked in this round and front desk has confirmed, however slow the machine is.
 */
export async function* rounds(
  deployment: Deployment,
  faults: readonly Fault[],
  count: number,
  seconds: number,
  size?: Size,
): AsyncGenerator<Round> {
  for (let n = 1; n <= count; n += 1) {
    const fault = faults[(n - 1) % faults.length] as Fault;
    const people = crowd(deployment, size);
    const patients = recordings(deployment);
    while (people.confirmed.size === 0) await sleep(20);
    await sleep(seconds * 400 + randomInt(seconds * 200));
    await deployment.kill[fault]();
    await sleep(seconds * 500);
    await Promise.all([people.leave(), patients.leave()]);
    const quietAt = Date.now();
    const found = [
      ...(await violations(deployment, people)),
      ...(await lostRecordings(deployment, patients)),
    ];
    yield {
      n,
      fault,
      bookings: people.bookings.size,
      confirmed: people.confirmed.size,
      recordings: patients.sessions.size,
      sent: people.sent,
      lost: people.lost,
      settledMs: Date.now() - quietAt,
      violations: found,
    };
  }
}
