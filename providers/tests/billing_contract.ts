import { expect, test } from "vitest";
import { CredentialsRefused, Delayed, OutcomeUnknown, Refused } from "../failures.ts";
import type { Faults } from "./weather.ts";

/** One effect at one vendor, and what a test needs to see of it. */
export type Effect = {
  faults: Faults;
  /** How often a line is cut before the adapter gives up: Stripe's SDK asks once more by itself, with the same key. */
  hangUps: number;
  /** The request that makes the effect. */
  request: RegExp;
  /** Makes it; answers with the vendor's id. The same id of ours is the same effect. */
  make(id: string): Promise<string>;
  /** The same with an account that the vendor does not know. */
  makeAsStranger(id: string): Promise<string>;
  /** How many the vendor has made. */
  made(): number;
  /** What the vendor is made to say that nobody knows, and what comes of it; null where it rejects with OutcomeUnknown. */
  unknown: (() => Promise<{ status: string; vendorStatus: string }>) | null;
};

let ids = 0;
export const newId = () => `01930000-0000-7000-8000-${String(++ids).padStart(12, "0")}`;

/** What every adapter that makes something at a vendor keeps to (BIL-04). */
export function keepsTheContract(effect: () => Effect): void {
  const counted = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const before = effect().made();
    return [await work(), effect().made() - before];
  };
  const failing = (id: string) =>
    effect()
      .make(id)
      .catch((error: unknown) => error);

  test("makes it once, and answers a repeat with what is there", async () => {
    const id = newId();
    const [[first, second], made] = await counted(async () => [
      await effect().make(id),
      await effect().make(id),
    ]);
    expect(second).toBe(first);
    expect(made).toBe(1);
  });

  test("two at once with the same id make one", async () => {
    const id = newId();
    const [results, made] = await counted(() => Promise.all([effect().make(id), effect().make(id)]));
    expect(results[0]).toBe(results[1]);
    expect(made).toBe(1);
  });

  test("an account that is not accepted is CredentialsRefused, and nothing is made", async () => {
    const [error, made] = await counted(() =>
      effect()
        .makeAsStranger(newId())
        .catch((failed: unknown) => failed),
    );
    expect(error).toBeInstanceOf(CredentialsRefused);
    expect(made).toBe(0);
  });

  test("429 is Delayed until the vendor wants to be asked again, and nothing is made", async () => {
    const id = newId();
    effect().faults.behaveFor(1, { status: 429, retryAfter: 7 }, effect().request);
    const [error, made] = await counted(() => failing(id));
    expect(error).toBeInstanceOf(Delayed);
    expect(error).not.toBeInstanceOf(OutcomeUnknown);
    expect(error).toMatchObject({ retryAfter: 7 });
    expect(made).toBe(0);
    const [, after] = await counted(() => effect().make(id));
    expect(after).toBe(1);
  });

  test.each(["is silent after", "hangs up after", "is broken after"] as const)(
    "a vendor that %s it did it leaves the outcome unknown, and the next try finds it",
    async (weather) => {
      const id = newId();
      effect().faults.behaveFor(
        weather.startsWith("hangs") ? effect().hangUps : 1,
        weather,
        effect().request,
      );
      const [error, made] = await counted(() => failing(id));
      expect(error).toBeInstanceOf(OutcomeUnknown);
      expect(made).toBe(1);
      const [found, again] = await counted(() => effect().make(id));
      expect(found).toEqual(expect.any(String));
      expect(again).toBe(0);
    },
  );

  test.each(["hangs up", "is broken"] as const)("a vendor that %s before is tried again", async (weather) => {
    const id = newId();
    effect().faults.behaveFor(weather === "hangs up" ? effect().hangUps : 1, weather, effect().request);
    expect(await failing(id)).toBeInstanceOf(Delayed);
    const [, made] = await counted(() => effect().make(id));
    expect(made).toBe(1);
  });

  test("an answer that is not the vendor's is no success", async () => {
    const id = newId();
    effect().faults.behaveFor(1, "answers something else", effect().request);
    expect(await failing(id)).toBeInstanceOf(OutcomeUnknown);
    effect().faults.behaveFor(1, { status: 404 }, effect().request);
    const error = await failing(id);
    expect(error instanceof OutcomeUnknown || error instanceof Refused).toBe(true);
  });

  test("no message of a failure quotes what the vendor said of people", async () => {
    effect().faults.behaveFor(1, "is broken", effect().request);
    expect(String(await failing(newId()))).not.toMatch(/Ana/);
  });

  test("a status that nobody knows is told as such", async () => {
    const { unknown } = effect();
    if (unknown) {
      expect(await unknown()).toMatchObject({ status: "unknown", vendorStatus: "in_review" });
    } else {
      effect().faults.behaveFor(1, { status: 299 }, effect().request);
      expect(await failing(newId())).toBeInstanceOf(OutcomeUnknown);
    }
  });
}
