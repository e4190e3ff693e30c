import { describe, expect, test } from "vitest";
import { PARAMETERS } from "../aggregate/parameters.ts";
import { movementsAmong, type Signal, type SignalName } from "../aggregate/signals.ts";
import { type Counted, chooseByVote } from "../aggregate/vote.ts";

function signal(name: SignalName, change: Partial<Signal> = {}): Signal {
  const unit = name === "movement" || name === "limbs" ? "height" : "degree";
  const least = unit === "height" ? 0.1 : PARAMETERS.leastDegrees;
  const known = { values: new Float64Array(0), known: 1, range: 2 * least, overNoise: 40, pictures: 900 };
  return { name, isNamed: true, unit, least, clarity: 0.5, period: 2, ...known, ...change };
}
const counted = (name: SignalName, count: number, change: Partial<Signal> = {}, likeness = 0.9): Counted => ({
  signal: signal(name, change),
  swings: Array.from({ length: count }, (_, i) => ({ start: i, turn: i, end: i })),
  likeness,
});
const countBy = (...votes: Counted[]) => chooseByVote(votes, PARAMETERS).chosen?.swings.length;
const namesOf = (...signals: Signal[]) => movementsAmong(signals, PARAMETERS).map(({ name }) => name);

describe("what is counted by (TEL-04)", () => {
  test("the median of all signals wins over single mistakes", () => {
    expect(countBy(counted("knee.left", 3), counted("knee.mean", 8), counted("movement", 8))).toBe(8);
    expect(countBy()).toBeUndefined();
  });

  test("a signal that hardly stands out of its noise weighs less", () => {
    const noisy = { overNoise: 8 };
    const angles = [
      counted("knee.left", 20, noisy),
      counted("knee.right", 21, noisy),
      counted("knee.mean", 22, noisy),
    ];
    expect(countBy(...angles, counted("movement", 8))).toBe(8);
    expect(countBy(...angles)).toBe(21);
  });

  test("a signal whose repetitions are not alike weighs less", () => {
    const unlike = [
      counted("knee.left", 16, {}, 0.4),
      counted("knee.right", 16, {}, 0.4),
      counted("limbs", 17, {}, 0.4),
    ];
    expect(countBy(...unlike, counted("movement", 8))).toBe(8);
    expect(countBy(...unlike)).toBe(16);
  });

  test("at a tie the more periodic one wins, in either order", () => {
    expect(countBy(counted("movement", 5, { clarity: 0.9 }), counted("limbs", 10))).toBe(5);
    expect(countBy(counted("movement", 5), counted("limbs", 10, { clarity: 0.9 }))).toBe(10);
  });

  test("agreement is the share of votes near the count", () => {
    const votes = [
      counted("knee.left", 8),
      counted("knee.mean", 9),
      counted("movement", 8),
      counted("limbs", 30),
    ];
    expect(chooseByVote(votes, PARAMETERS).agreement).toBe(0.75);
  });

  test.each<[string, Partial<Signal>]>([
    ["seen for too short a time", { known: 0.4 }],
    ["too small", { range: 0.05 }],
    ["hardly more than noise", { overNoise: 3.5 }],
    ["known from few pictures, and not far out of the noise", { overNoise: 6, pictures: 40 }],
  ])("a signal that is %s is no movement", (_, change) => {
    expect(namesOf(signal("movement"), signal("limbs", change))).toEqual(["movement"]);
  });

  test("a movement far larger than a tremble may be noisy, one of an angle may not", () => {
    expect(namesOf(signal("movement", { range: 0.5, overNoise: 3 }))).toEqual(["movement"]);
    expect(namesOf(signal("movement"), signal("knee.left", { range: 120, overNoise: 3 }))).toEqual([
      "movement",
    ]);
  });

  test("an angle alone must stand out by more, or repeat itself clearly", () => {
    const weak = { overNoise: 12 };
    expect(namesOf(signal("knee.left", weak), signal("movement", { range: 0.01 }))).toEqual([]);
    expect(namesOf(signal("knee.left", weak), signal("movement"))).toEqual(["knee.left", "movement"]);
    expect(namesOf(signal("knee.left", { ...weak, clarity: 0.8 }), signal("knee.right"))).toHaveLength(2);
  });

  test("an angle of a joint that the exercise does not name counts beside the body, never alone", () => {
    const other = signal("hip.left", { isNamed: false, range: 90, overNoise: 400 });
    expect(namesOf(other)).toEqual([]);
    expect(namesOf(other, signal("knee.left"))).toEqual(["knee.left"]);
    expect(namesOf(other, signal("movement"))).toEqual(["hip.left", "movement"]);
  });
});
