import { expect, test } from "vitest";
import { Progress } from "../../testing/progress.ts";

test("a long run says once a minute how far it is, and what is left at the speed so far", () => {
  const began = performance.now();
  const progress = new Progress(400);
  const said = Array.from({ length: 300 }, (_, done) => progress.next(began + (done + 1) * 1_000)).filter(
    Boolean,
  );
  expect(said).toHaveLength(4);
  expect(said.at(-1)).toMatch(/^24\d of 400, about 3 min left$/);
});
