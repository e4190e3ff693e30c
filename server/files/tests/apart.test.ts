// A process of its own: it loads modules anew (vi.resetModules), which those of other files would be part of.
// Starts processes: whether a process can end while its threads wait is seen from outside.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { deflateSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { partsOf, pdfWith } from "./pdfs.ts";
import { pdfSample, pngSample } from "./samples.ts";

/** Every thread that begins, in order; one that has ended has the number -1. */
const made: Worker[] = [];
let onMade: (worker: Worker) => void = () => {};
const remember = (message: unknown) => {
  const { worker } = message as { worker: Worker };
  made.push(worker);
  onMade(worker);
};
const ended = async (...threads: (Worker | undefined)[]) =>
  await vi.waitFor(() => expect(threads.map((thread) => thread?.threadId)).toEqual(threads.map(() => -1)), {
    timeout: 15_000,
  });

/** What a busy machine may take for a file that takes an instant. */
const LONG_MS = 60_000;
let apart: typeof import("../examine/apart.ts");
const examined = (bytes: Buffer, contentType: string, { longestMs = LONG_MS, mostMb = 384 } = {}) =>
  apart.examineApart(bytes, contentType, { longestMs, mostMb });
const picture = async (options = {}) =>
  expect((await examined(pngSample(), "image/png", options)).rejection).toBeNull();

beforeEach(async () => {
  subscribe("worker_threads", remember);
  vi.resetModules();
  apart = await import("../examine/apart.ts"); // with no threads that wait
});
afterEach(async () => {
  unsubscribe("worker_threads", remember);
  onMade = () => {};
  await Promise.all(made.splice(0).map((worker) => worker.terminate()));
});

describe("the examination stands apart from who is being served (FND-13, FND-27)", () => {
  test("the bytes are moved, and come back as they were", async () => {
    const bytes = pdfSample("Raport", 200_000);
    const copy = Buffer.from(bytes);
    const own = Buffer.from(new Uint8Array(bytes).buffer);
    const answer = await examined(own, "application/pdf");
    expect(answer.rejection).toBeNull();
    expect(answer.bytes.equals(copy)).toBe(true);
    expect(own).toHaveLength(0);
  });

  test("bytes that share their memory are copied, and what is beside them stays", async () => {
    const memory = Buffer.concat([Buffer.from("beside"), pngSample()]);
    const answer = await examined(memory.subarray(6), "image/png");
    expect(answer.rejection).toBeNull();
    expect(answer.bytes.equals(pngSample())).toBe(true);
    expect(memory.toString("latin1", 0, 6)).toBe("beside");
  });

  test("what takes too long is ended, and may be tried again", async () => {
    const bytes = partsOf(100_000);
    await expect(examined(bytes, "application/pdf", { longestMs: 1 })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      reason: "check_too_slow",
    });
    expect(made.map(({ threadId }) => threadId)).toEqual([-1]);
    await picture();
    expect(made).toHaveLength(2);
  });

  test("what fills the memory of the parser is refused, and the process goes on with the threads it has", async () => {
    await picture();
    const bytes = pdfWith(`[${"[1]".repeat(500_000)}]`);
    const { rejection } = await examined(bytes, "application/pdf", { mostMb: 24 });
    expect(rejection).toBe("too_complex");
    await picture();
    expect(made.map(({ threadId }) => threadId === -1)).toEqual([false, true]);
  });

  test("an error of the thread is no verdict on the file", async () => {
    onMade = (worker) => worker.postMessage(null);
    await expect(examined(pngSample(), "image/png")).rejects.toThrow(TypeError);
    expect(made.map(({ threadId }) => threadId)).toEqual([-1]);
  });

  test("20 MB of an ordinary document pass while others are served", async () => {
    const page = () => ({ entries: "/Filter /FlateDecode", bytes: deflateSync(randomBytes(100_000)) });
    const bytes = pdfWith(...Array.from({ length: 200 }, page));
    expect(bytes.length).toBeGreaterThan(20_000_000);
    let served = 0;
    const beat = setInterval(() => {
      served += 1;
    }, 10);
    const { rejection } = await examined(bytes, "application/pdf");
    clearInterval(beat);
    expect(rejection).toBeNull();
    expect(served).toBeGreaterThan(3);
  });
});

describe("threads wait for the next file, and not for ever (FND-13)", () => {
  test("two wait at most", async () => {
    await Promise.all([picture(), picture(), picture()]);
    expect(made).toHaveLength(3);
    await vi.waitFor(() => expect(made.filter(({ threadId }) => threadId === -1)).toHaveLength(1), {
      timeout: 15_000,
    });
    await Promise.all([picture(), picture()]);
    expect(made).toHaveLength(3);
  });

  test("one with other bounds is not asked", async () => {
    await picture();
    await picture({ mostMb: 200 });
    expect(made).toHaveLength(2);
    await picture({ mostMb: 200 });
    await picture();
    expect(made).toHaveLength(2);
  });

  test("fifty files end one", async () => {
    for (let file = 0; file < 50; file += 1) await picture();
    expect(made).toHaveLength(1);
    await ended(made[0]);
    await picture();
    expect(made).toHaveLength(2);
  });

  test("one that ends while it waits is not asked again", async () => {
    await picture();
    made[0]?.postMessage(null);
    await ended(made[0]);
    await picture();
    expect(made).toHaveLength(2);
  });

  test("one that waits keeps no process alive, and no timer goes on", async () => {
    const module = fileURLToPath(new URL("../examine/apart.ts", import.meta.url));
    const program = `
      import { examineApart } from ${JSON.stringify(module)};
      for (let file = 0; file < 2; file += 1) {
        const { rejection } = await examineApart(Buffer.from("no picture"), "image/png");
        console.log(rejection);
      }
      console.log("timers:", process.getActiveResourcesInfo().includes("Timeout"));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { timeout: 25_000 });
    expect(stdout).toBe("type_mismatch\ntype_mismatch\ntimers: false\n");
  });
});
