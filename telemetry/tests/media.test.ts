import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../db/testing/property.ts";
import { aggregateMedia, type MediaEvent } from "../aggregate/media.ts";

type Step = { kind: MediaEvent["kind"]; after: number; position: number; speed?: number; from?: number };

/** Events in order: each so many seconds after the one before. */
function events(steps: Step[]): MediaEvent[] {
  let at = 1_700_000_000_000;
  return steps.map(({ kind, after, position, speed = 1, from = 0 }, sequence) => {
    at += after * 1000;
    const event = { sequence, at, position, speed };
    return kind === "seek" ? { ...event, kind, from } : { ...event, kind };
  });
}

const session = events([
  { kind: "play", after: 0, position: 0 },
  { kind: "reached", after: 10, position: 10 },
  { kind: "stall", after: 5, position: 15 },
  { kind: "resume", after: 4, position: 15 },
  { kind: "seek", after: 5, from: 20, position: 5 },
  { kind: "speed", after: 5, position: 10, speed: 2 },
  { kind: "reached", after: 10, position: 30, speed: 2 },
  { kind: "seek", after: 0, from: 30, position: 50, speed: 2 },
  { kind: "pause", after: 2.5, position: 55, speed: 2 },
  { kind: "play", after: 60, position: 55, speed: 2 },
  { kind: "ended", after: 2.5, position: 60, speed: 2 },
]);

describe("what was watched (TEL-11)", () => {
  test("is the union of what was played: seeks and replays are not counted twice", () => {
    expect(aggregateMedia(session, 60)).toEqual({
      watched: 40,
      watchedShare: 40 / 60,
      played: 55,
      stalls: [{ at: 1_700_000_015_000, position: 15, length: 4 }],
      speeds: [
        { speed: 1, seconds: 25 },
        { speed: 2, seconds: 30 },
      ],
      hasEnded: true,
      missing: 0,
    });
  });

  test("events that come twice, late or in any order change nothing", () => {
    const whole = aggregateMedia(session, 60);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(session, { minLength: session.length }),
        fc.subarray(session),
        (shuffled, again) => {
          expect(aggregateMedia([...shuffled, ...again], 60)).toEqual(whole);
        },
      ),
      propertyRuns(100),
    );
  });

  test("any events at all: never more than was there, never less than nothing", () => {
    const anyEvent = fc.record({
      sequence: fc.integer({ min: 0, max: 40 }),
      at: fc.integer({ min: 0, max: 100_000 }),
      position: fc.double({ min: -5, max: 90, noNaN: true }),
      speed: fc.constantFrom(0.5, 1, 1.5, 2),
      kind: fc.constantFrom("play", "reached", "speed", "stall", "resume", "pause", "ended", "seek"),
      from: fc.double({ min: -5, max: 90, noNaN: true }),
    }) as fc.Arbitrary<MediaEvent>;
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (any) => {
        const { watched, watchedShare, played, stalls } = aggregateMedia(any, 60);
        expect(watched).toBeGreaterThanOrEqual(0);
        expect(watched).toBeLessThanOrEqual(60);
        expect(watchedShare).toBeLessThanOrEqual(1);
        expect(played).toBeGreaterThanOrEqual(watched - 1e-9);
        for (const { length } of stalls) expect(length).toBeGreaterThanOrEqual(0);
      }),
      propertyRuns(300),
    );
  });

  test("an event that never came adds nothing: neither a jump that nobody reported nor the time of a pause", () => {
    const lost = session.filter(({ sequence }) => ![4, 7].includes(sequence));
    const { watched, missing } = aggregateMedia(lost, 60);
    expect(missing).toBe(2);
    expect(watched).toBeLessThanOrEqual(40);
    const quiet = events([
      { kind: "play", after: 0, position: 0 },
      { kind: "reached", after: 5, position: 45 },
      { kind: "pause", after: 5, position: 50 },
    ]);
    expect(aggregateMedia(quiet, 60).watched).toBe(5);
  });

  test("who waits watches nothing meanwhile, whatever the player says of its speed", () => {
    const waiting = events([
      { kind: "play", after: 0, position: 0 },
      { kind: "stall", after: 3, position: 3 },
      { kind: "speed", after: 2, position: 3, speed: 2 },
      { kind: "stall", after: 2, position: 3, speed: 2 },
      { kind: "resume", after: 2, position: 3, speed: 2 },
      { kind: "pause", after: 1, position: 5, speed: 2 },
    ]);
    const { watched, stalls } = aggregateMedia(waiting, 60);
    expect(watched).toBe(5);
    expect(stalls.map(({ length }) => length)).toEqual([6]);
  });

  test("where nobody knows how long the video is, no share is made up", () => {
    expect(aggregateMedia(session, null)).toMatchObject({ watched: 40, watchedShare: null });
    expect(aggregateMedia([], 60)).toMatchObject({ watched: 0, watchedShare: 0, stalls: [], missing: 0 });
  });
});
