// Starts processes: each worker has connections of its own, and one is killed while it has the turn.
import { fork } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { fgoInvoices } from "../../providers/invoicing/fgo.ts";
import { type FgoVendor, startFgo } from "../../providers/invoicing/tests/fgo_double.ts";
import { turnsInDatabase } from "../turns.ts";
import { type Clinic, openClinic } from "./database.ts";

// BIL-04: FGO takes one request a second from a company, however many workers there are.

const PACE_MS = 200;
let clinic: Clinic;
let fgo: FgoVendor;
let pools: pg.Pool[] = [];
beforeAll(async () => {
  [clinic, fgo] = await Promise.all([openClinic("workers have connections of their own"), startFgo()]);
  fgo.pace(PACE_MS);
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  pools = [];
});
afterAll(() => Promise.all([clinic.drop(), fgo.stop()]));

const turns = () => {
  const pool = new pg.Pool({ connectionString: clinic.urls.worker, max: 1 });
  pools.push(pool);
  return turnsInDatabase(pool);
};
const invoice = (id: string) => ({
  kind: "invoice" as const,
  id,
  number: "RX-1",
  issuedOn: "2027-03-01",
  dueOn: null,
  currency: "RON",
  netAmount: 10_000n,
  billedTo: {
    legalName: "Atlas SRL",
    street: "Strada Lungă 1",
    city: "Cluj-Napoca",
    county: "Cluj",
    postalCode: null,
    country: "RO",
    registrationNumber: null,
    email: "bills@atlas.test",
    taxId: null,
  },
  lines: [{ description: "Plan", amount: 10_000n }],
  credits: null,
  organizationId: "0190a5a0-1111-7111-8111-000000000001",
  customerId: null,
});
const keep = async () => {};

test("BIL-04: workers that ask at once keep one pace together, and none is told to go slower", async () => {
  const workers = Array.from({ length: 3 }, () =>
    fgoInvoices(fgo.account, { spacingMs: PACE_MS + 20, turns: turns() }),
  );
  const issued = await Promise.all(workers.map((worker, i) => worker.issue(invoice(`each-${i}`), keep)));
  expect(new Set(issued.map(({ documentId }) => documentId)).size).toBe(3);
});

test("BIL-04: without turns that they share FGO refuses some of them", async () => {
  const workers = Array.from({ length: 3 }, () => fgoInvoices(fgo.account, { spacingMs: PACE_MS + 20 }));
  const asked = await Promise.allSettled(
    workers.map((worker, i) => worker.issue(invoice(`alone-${i}`), keep)),
  );
  expect(asked.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
});

test("BIL-04: a worker that is killed while it has the turn keeps nobody from it", async () => {
  const doomed = fork(new URL("./dying_in_turn.ts", import.meta.url), [clinic.urls.worker], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(doomed, "message");
  let isNext = false;
  const next = turns()("fgo", 0, async () => {
    isNext = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(isNext).toBe(false);
  doomed.kill("SIGKILL");
  await next;
  expect(isNext).toBe(true);
});
