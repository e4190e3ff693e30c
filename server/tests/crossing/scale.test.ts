import { beforeAll, describe, expect, test } from "vitest";
import { type Crossing, crossAtScale } from "./scale.ts";

/** The short form; `npm run crossing` is the long one, with seven persons and a hundred thousand operations. */
let crossing: Crossing;
beforeAll(async () => {
  crossing = await crossAtScale({
    operations: 600,
    only: ["boreal's admin", "a patient", "a guest"],
  });
});

describe("FND-05, FND-06: rows of others, asked for by persons of all kinds and their sockets", () => {
  test("are told, changed and heard by nobody, and answer like rows that nobody has", () => {
    expect(crossing.wrong).toEqual([]);
    expect(crossing.operations).toBeGreaterThanOrEqual(600);
    expect(Object.keys(crossing.counts)).toHaveLength(3);
    expect([...crossing.undecided]).toEqual([]);
  });
});
