import { describe, expect, it, vi } from "vitest";
import { createPermits } from "../permits.ts";

describe("FND-27: turns", () => {
  it("let only so many run at once; the others come in order", async () => {
    const permits = createPermits({ atOnce: 2, waiting: 10, patienceMs: 5_000 });
    const [one, two] = [await permits("ana"), await permits("ana")];
    const order: string[] = [];
    const third = permits("ana").then(() => order.push("third"));
    const fourth = permits("ana").then(() => order.push("fourth"));
    expect(await permits("dan")).not.toBeNull();
    expect(order).toEqual([]);
    one?.();
    one?.(); // given back once, however often it is said
    await third;
    expect(order).toEqual(["third"]);
    two?.();
    await fourth;
    expect(order).toEqual(["third", "fourth"]);
  });

  it("are as many as they were when somebody has left", async () => {
    const permits = createPermits({ atOnce: 2, waiting: 10, patienceMs: 60_000 });
    const [one] = [await permits("ana"), await permits("ana")];
    one?.();
    expect(await permits("ana")).not.toBeNull();
    let isRunning = false;
    void permits("ana").then(() => {
      isRunning = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isRunning).toBe(false);
  });

  it("turn away at once whom the line has no place for", async () => {
    const permits = createPermits({ atOnce: 1, waiting: 1, patienceMs: 60_000 });
    const running = await permits("ana");
    const waiting = permits("ana");
    expect(await permits("ana")).toBeNull();
    running?.();
    expect(await waiting).not.toBeNull();
  });

  it("are not lost by somebody whose patience would have ended by now", async () => {
    vi.useFakeTimers();
    try {
      const permits = createPermits({ atOnce: 1, waiting: 10, patienceMs: 30 });
      const first = await permits("ana");
      const second = permits("ana");
      await vi.advanceTimersByTimeAsync(10);
      first?.();
      const running = await second;
      await vi.advanceTimersByTimeAsync(10);
      const third = permits("ana");
      await vi.advanceTimersByTimeAsync(15); // the second would have left by now
      running?.();
      expect(await third).not.toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("turn away whom the line has no place for, and who would wait too long", async () => {
    const permits = createPermits({ atOnce: 1, waiting: 1, patienceMs: 20 });
    const running = await permits("ana");
    const waiting = permits("ana");
    expect(await permits("ana")).toBeNull();
    expect(await waiting).toBeNull();
    running?.();
    expect(await permits("ana")).not.toBeNull();
  });
});
