import { afterAll, beforeAll, describe } from "vitest";
import { fgoCases } from "./billing/fgo.cases.ts";
import { storyCases } from "./billing/story.cases.ts";
import { transferCases } from "./billing/transfer.cases.ts";
import { openWorld, type World } from "./billing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

describe("FND-33: a clinic is billed by the platform, month after month", () => storyCases(() => world));
describe("FND-33: a clinic whose invoices go to e-Factura", () => fgoCases(() => world));
describe("FND-33: a clinic that pays by bank transfer", () => transferCases(() => world));
