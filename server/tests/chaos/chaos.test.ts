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
  // Each fault once, and as few people as can stand in each other's way.
  for await (const round of rounds(deployment, faults, faults.length, 0.8, { visitors: 2, staff: 1 })) {
    expect([round.fault, round.violations]).toEqual([round.fault, []]);
    expect(round.confirmed).toBeGreaterThan(0);
  }
});
