import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultRates, parseRates } from "../rates.ts";

describe("FND-27: RATE_LIMITS", () => {
  it("changes what the guide shows", () => {
    const guide = readFileSync(new URL("../../../docs/guides/operators.md", import.meta.url), "utf8");
    const rows = guide.matchAll(/^\| `(\w+)` \|[^|]*\| ([\d,]+) \| ([\d,]+) \|$/gm);
    const number = (text = "") => Number(text.replaceAll(",", ""));
    const shown = [...rows].map(([, name = "", perMinute, burst]) => [
      name,
      { perMinute: number(perMinute), burst: number(burst) },
    ]);
    expect(Object.fromEntries(shown)).toEqual(defaultRates);
  });
  it("changes what it names and nothing else", () => {
    expect(parseRates("graphql=60/30, badTokens=5/5")).toEqual({
      ...defaultRates,
      graphql: { perMinute: 60, burst: 30 },
      badTokens: { perMinute: 5, burst: 5 },
    });
    expect(parseRates("")).toEqual(defaultRates);
  });
  it.each([
    "graphql",
    "graphql=0/1",
    "graphql=1",
    "nothing=1/1",
    "__proto__=1/1",
    "graphql=1/1;mutations=1/1",
  ])("is not %s", (text) => expect(parseRates(text)).toBeNull());
});
