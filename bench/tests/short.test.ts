import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import { type Line, measureRows, type NamedRow, readRows, tableOf, within } from "../measure.ts";
import { open } from "../row.ts";

let database: TestDatabase;
let rows: NamedRow[];
let lines: Line[];
beforeAll(async () => {
  database = await createTestDatabase({ because: "the benchmark fills it with rows of its own", bare: true });
  rows = await readRows([]);
  const broken: NamedRow = {
    name: "000-broken",
    row: {
      claim: "a row that cannot be measured",
      unit: "/s",
      goal: { ratioAtLeast: 1 },
      measure: async ({ admin }) => {
        await admin.query("begin");
        throw new Error("nobody answers\nat all");
      },
    },
  };
  lines = await measureRows(database.urls, database.urls.admin, [broken, ...rows], { short: true });
});
afterAll(() => database?.drop());

describe("npm run bench", () => {
  it("measures every row, in the short form too", () => {
    expect(rows.length).toBeGreaterThanOrEqual(12);
    expect(lines.slice(1).filter(({ failed }) => failed)).toEqual([]);
    // What takes a package from elsewhere that is not there yet, or a database of its own.
    const skipped = lines.filter(({ ok }) => ok.startsWith("skipped: "));
    expect(skipped.filter(({ claim }) => !/ beside (?:cal\.com|those before the gate)$/.test(claim))).toEqual(
      [],
    );
    for (const { claim, measured, against, ratio } of lines
      .slice(1)
      .filter((line) => !skipped.includes(line))) {
      expect(measured, claim).toMatch(/^\d+(\.\d+)? (ms|\/s)$/);
      expect(against, claim).toMatch(/^\d+(\.\d+)? (ms|\/s) \S/);
      expect(Number(ratio), claim).toBeGreaterThan(0);
    }
    expect(lines.filter(({ ok }) => ok.includes("not:")).map(({ claim, ok }) => `${claim}: ${ok}`)).toEqual(
      [],
    );
  });

  it("gives up a row that does not end, and ends what it left running", async () => {
    const [first, stuck] = [await open(database.urls.admin), await open(database.urls.authenticator)];
    const endless = stuck.query("select pg_sleep(3600)");
    const given = within(100, endless, [first, stuck]);
    await expect(given).rejects.toThrow("not done after 0.1 s");
    await expect(endless).rejects.toThrow();
    expect((await first.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await first.end();
  });

  it("shows a row that failed as one line, and goes on", () => {
    expect(lines[0]).toMatchObject({ failed: true, ok: "FAILED: nobody answers at all", goal: "ratio ≥ 1" });
    const table = tableOf(lines).split("\n");
    expect(table).toHaveLength(lines.length + 1);
    expect(table[0]).toMatch(/^claim +measured +floor or peer +ratio +goal +ok$/);
  });
});
