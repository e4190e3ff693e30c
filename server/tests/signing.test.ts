import { afterAll, beforeAll, describe } from "vitest";
import { identityCases } from "./signing/identity.cases.ts";
import { linkCases } from "./signing/link.cases.ts";
import { proofCases } from "./signing/proof.cases.ts";
import { openWorld, type World } from "./signing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("links are sent, opened at once from several sides, and used for good");
});
afterAll(() => world?.close());

describe("a signature link (CNS-06, FND-31)", () => linkCases(() => world));
describe("whoever comes with a link (CNS-06)", () => identityCases(() => world));
describe("the proof of a signature", () => proofCases(() => world));
