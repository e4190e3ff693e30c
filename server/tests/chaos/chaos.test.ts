// Starts processes: database, API and worker are killed in the middle of everything.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Deployment, deploy, faults } from "./deployment.ts";
import { rounds } from "./rounds.ts";

let deployment: Deployment;

beforeAll(async () => {
  deployment = await deploy({ worker: "server/tests/chaos/impatient_worker.ts" });
});
afterAll(() => deployment?.stop());

// The long form is npm run chaos.
it("FND-28, FND-14, SCH-06: kill -9 of server, worker, backend and postmaster loses nothing and does nothing twice", async () => {
  let bookings = 0;
  let confirmed = 0;
  for await (const round of rounds(deployment, faults, faults.length, 1.5)) {
    expect([round.fault, round.violations]).toEqual([round.fault, []]);
    bookings += round.bookings;
    confirmed += round.confirmed;
  }
  expect(bookings).toBeGreaterThanOrEqual(faults.length);
  expect(confirmed).toBeGreaterThan(0);
});
