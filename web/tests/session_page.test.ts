import { expect, test } from "vitest";
import type { UUID } from "../../client/index.ts";
import { progressOf } from "../pages/session/progress.ts";
import { wholeIn } from "../pages/session/whole.ts";

// EXE-02: what was done of a session outlives the page.

const session = "0198a000-0000-7000-8000-00000000000a" as UUID;
const entry = (place: number, clientId: string) => ({
  place,
  clientId: clientId as UUID,
  performedAt: "2027-03-01T09:00:00Z",
  sets: 3,
  reps: 30,
  seconds: null,
});

function storage(isFull = false) {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (name: string) => values.get(name) ?? null,
    setItem(name: string, value: string) {
      if (isFull) throw new Error("full");
      values.set(name, value);
    },
    removeItem: (name: string) => void values.delete(name),
  };
}

test("what was entered stays on the device until it was sent, and not for longer than it could be", () => {
  const kept = storage();
  const at = Date.UTC(2027, 2, 1);
  const first = progressOf(session, kept, at);
  first.write({ painBefore: 4 });
  first.enter(entry(1, "a"));
  first.enter(entry(2, "b"));
  first.enter(entry(1, "c"));
  first.sent("c" as UUID);
  const again = progressOf(session, kept, at + 3_600_000);
  expect(again.now.painBefore).toBe(4);
  expect(again.now.entries.map(({ place, clientId, isSent }) => [place, clientId, isSent])).toEqual([
    [2, "b", false],
    [1, "c", true],
  ]);
  expect(progressOf(session, kept, at + 27 * 3_600_000).now.entries).toEqual([]);
  again.forget();
  expect(kept.values.size).toBe(0);
});

test("a browser that keeps nothing has it as long as the page", () => {
  const progress = progressOf(session, storage(true));
  progress.enter(entry(1, "a"));
  expect(progress.now.entries).toHaveLength(1);
});

test("amounts are whole numbers within bounds", () => {
  expect(
    ["0", " 12 ", "100", "101", "-1", "1.5", "", "1e2", "٣"].map((typed) => wholeIn(typed, 100)),
  ).toEqual([0, 12, 100, ...Array.from({ length: 6 }, () => null)]);
});
