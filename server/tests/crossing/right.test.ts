import { expect, test } from "vitest";
import { askRightly } from "./right.ts";

test("FND-05: every verb can be asked rightly, so that what it answers about rows of others means something", async () => {
  const { right, unmade } = await askRightly();
  expect(Object.fromEntries(unmade)).toEqual({});
  expect(right.size).toBeGreaterThan(90);
});
