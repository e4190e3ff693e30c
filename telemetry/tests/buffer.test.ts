import { randomUUID } from "node:crypto";
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEntries } from "../buffer/entry.ts";
import { LocalBuffer } from "../buffer/local_buffer.ts";
import {
  ASKED_MS,
  type KeptBatch,
  type KeptEvent,
  LONGEST_SESSION_MS,
  MOST_BATCHES,
  SILENT_MS,
  WINDOW,
} from "../buffer/port.ts";

// TEL-02: sessions are kept durably, each number once, in any order, and come out whole.

let folder: string;
let open: LocalBuffer[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "restartix-buffer-"));
  open = [];
});
afterEach(async () => {
  for (const buffer of open) await buffer.close();
  rmSync(folder, { recursive: true });
});

async function opened(options: { segmentBytes?: number } = {}): Promise<LocalBuffer> {
  const buffer = await LocalBuffer.open(folder, options);
  open.push(buffer);
  return buffer;
}

/** Ends it in good order, and gives what it kept to the next. */
async function reopened(buffer: LocalBuffer, options: { segmentBytes?: number } = {}): Promise<LocalBuffer> {
  await buffer.close();
  open = open.filter((one) => one !== buffer);
  return opened(options);
}

const batch = (sequence: number, content = `content ${sequence}`, receivedAt = 1_000): KeptBatch => ({
  sequence,
  exercise: 1,
  receivedAt,
  body: Buffer.from(content),
});
const event = (id: number, position = id): KeptEvent => ({
  id,
  exercise: 1,
  kind: "play",
  at: 1_000 + id,
  position,
  rate: 1,
});
const numbersOf = async (buffer: LocalBuffer, session: string) =>
  (await buffer.read(session))?.batches.map(({ sequence, body }) => [sequence, Buffer.from(body).toString()]);
const segments = () => globSync("*/*.segment", { cwd: folder }).map((file) => path.join(folder, file));

describe("TEL-02: a batch", () => {
  test("is kept once: the same content again is the same, other content is refused, also at once", async () => {
    const buffer = await opened();
    const session = randomUUID();
    const atOnce = await Promise.all([
      buffer.keepBatch(session, batch(0)),
      buffer.keepBatch(session, batch(0)),
      buffer.keepBatch(session, batch(0, "other")),
      buffer.keepBatch(session, { ...batch(0), exercise: 2 }),
    ]);
    expect(atOnce).toEqual(["kept", "same", "different", "different"]);
    expect(await buffer.keepBatch(session, batch(0))).toBe("same");
    expect(await buffer.keepBatch(session, batch(0, "other"))).toBe("different");
    expect(await numbersOf(buffer, session)).toEqual([[0, "content 0"]]);
  });

  test("comes in any order within the window and comes out in its own", async () => {
    const buffer = await opened();
    const session = randomUUID();
    const order = [WINDOW, 3, 0, 2, 1];
    for (const sequence of order) expect(await buffer.keepBatch(session, batch(sequence))).toBe("kept");
    expect(await buffer.keepBatch(session, batch(2 * WINDOW + 1))).toBe("out_of_window");
    expect(await buffer.keepBatch(session, batch(2 * WINDOW))).toBe("kept");
    expect(await buffer.keepBatch(session, batch(WINDOW - 1))).toBe("out_of_window");
    expect((await numbersOf(buffer, session))?.map(([sequence]) => sequence)).toEqual([
      0,
      1,
      2,
      3,
      WINDOW,
      2 * WINDOW,
    ]);
  });

  test("is refused an hour after the first, and beyond the highest number", async () => {
    const buffer = await opened();
    const session = randomUUID();
    await buffer.keepBatch(session, batch(0, "a", 5_000));
    expect(await buffer.keepBatch(session, batch(1, "b", 5_000 + LONGEST_SESSION_MS))).toBe("kept");
    expect(await buffer.keepBatch(session, batch(2, "c", 5_001 + LONGEST_SESSION_MS))).toBe("too_long");
    const other = randomUUID();
    expect(await buffer.keepBatch(other, batch(MOST_BATCHES))).toBe("too_long");
    expect(buffer.has(other)).toBe(false);
  });
});

describe("TEL-02: the end of a session", () => {
  test("asks for what is missing once, takes it, and records what never came", async () => {
    const buffer = await opened();
    const session = randomUUID();
    for (const sequence of [0, 1, 4, 60, 100]) await buffer.keepBatch(session, batch(sequence));
    const end = { lastSequence: 101, exercises: [{ place: 1, startedAt: 1, endedAt: 2 }] };
    const asked = await buffer.end(session, end, 2_000);
    expect(asked.hasEnded).toBe(false);
    expect(asked.missing).toHaveLength(102 - 5);
    expect(buffer.ended(2_000)).toEqual([]);
    expect(buffer.ended(2_001 + ASKED_MS)).toEqual([session]);
    // 2 lies outside of the window, and was asked for.
    expect(await buffer.keepBatch(session, batch(2))).toBe("kept");
    expect(await buffer.end(session, end, 3_000)).toMatchObject({ hasEnded: true });
    expect(await buffer.end(session, end, 3_000)).toEqual({ hasEnded: true, missing: [] });
    expect(buffer.ended(3_000)).toEqual([session]);
    expect(await buffer.keepBatch(session, batch(3))).toBe("ended");
    expect(await buffer.keepBatch(session, batch(2))).toBe("same");
    expect(await buffer.read(session)).toMatchObject({
      exercises: end.exercises,
      gaps: [
        [3, 3],
        [5, 59],
        [61, 99],
        [101, 101],
      ],
    });
  });

  test("is there at once where nothing is missing, and by silence where nobody says it", async () => {
    const buffer = await opened();
    const [said, silent] = [randomUUID(), randomUUID()];
    for (const session of [said, silent]) await buffer.keepBatch(session, batch(0));
    expect(await buffer.end(said, { lastSequence: 0, exercises: [] }, 1_000)).toEqual({
      hasEnded: true,
      missing: [],
    });
    expect(buffer.ended(1_000 + SILENT_MS)).toEqual([said]);
    expect(buffer.ended(1_001 + SILENT_MS)).toEqual([said, silent]);
  });
});

test("TEL-02: events are kept once by exercise and number, all of a request or none", async () => {
  const buffer = await opened();
  const session = randomUUID();
  expect(await buffer.keepEvents(session, 1, [event(0), event(1)])).toBe("kept");
  expect(await buffer.keepEvents(session, 2, [event(1), event(2)])).toBe("kept");
  expect(await buffer.keepEvents(session, 3, [event(0), event(2)])).toBe("same");
  expect(await buffer.keepEvents(session, 4, [event(3), event(1, 9)])).toBe("different");
  expect(await buffer.keepEvents(session, 5, [{ ...event(1, 9), exercise: 2 }])).toBe("kept");
  const recording = await buffer.read(session);
  expect(
    recording?.events.map(({ receivedAt, event: { exercise, id } }) => [receivedAt, exercise, id]),
  ).toEqual([
    [1, 1, 0],
    [1, 1, 1],
    [2, 1, 2],
    [5, 2, 1],
  ]);
});

describe("TEL-02: the next process", () => {
  test("goes on where the one before ended: numbers, events, what was asked for, what has ended", async () => {
    let buffer = await opened();
    const [going, asked, done] = [randomUUID(), randomUUID(), randomUUID()];
    for (const session of [going, asked, done]) {
      await buffer.keepBatch(session, batch(0));
      await buffer.keepEvents(session, 1_000, [event(0)]);
    }
    await buffer.end(asked, { lastSequence: 1, exercises: [] }, 1_000);
    await buffer.end(done, { lastSequence: 0, exercises: [] }, 1_000);
    buffer = await reopened(buffer);
    expect(await buffer.keepBatch(going, batch(0))).toBe("same");
    expect(await buffer.keepBatch(going, batch(0, "other"))).toBe("different");
    expect(await buffer.keepEvents(going, 1_000, [event(0)])).toBe("same");
    expect(await buffer.end(asked, { lastSequence: 1, exercises: [] }, 2_000)).toMatchObject({
      hasEnded: true,
    });
    expect(buffer.ended(2_000).sort()).toEqual([asked, done].sort());
    expect(await numbersOf(buffer, done)).toEqual([[0, "content 0"]]);
  });

  /** The bytes of a segment with three batches of one session, as a process left it that is gone. */
  async function segmentOf(session: string): Promise<Buffer> {
    const buffer = await opened();
    for (const sequence of [0, 1, 2]) await buffer.keepBatch(session, batch(sequence));
    return readFileSync(segments()[0] as string);
  }

  async function foundIn(bytes: Buffer, session: string) {
    const all = mkdtempSync(path.join(folder, "all-"));
    mkdirSync(path.join(all, "gone"));
    writeFileSync(path.join(all, "gone", "1.segment"), bytes);
    const buffer = await LocalBuffer.open(all);
    const found = await numbersOf(buffer, session);
    await buffer.close();
    return found?.length ?? 0;
  }

  test("cuts a torn tail at any byte, and keeps everything before it", async () => {
    const session = randomUUID();
    const whole = await segmentOf(session);
    const { entries } = readEntries(whole);
    for (let length = 0; length <= whole.length; length += 3) {
      const complete = entries.filter((entry) => entry.offset + entry.length <= length).length;
      expect(await foundIn(whole.subarray(0, length), session), `${length} bytes`).toBe(complete);
    }
    expect(await foundIn(whole, session)).toBe(3);
  });

  test("keeps nothing of a tail that was damaged or is made of other things", async () => {
    const session = randomUUID();
    const whole = await segmentOf(session);
    expect(await foundIn(Buffer.concat([whole, Buffer.alloc(5_000, 7)]), session)).toBe(3);
    expect(await foundIn(Buffer.concat([whole, Buffer.alloc(5_000)]), session)).toBe(3);
    for (let at = (whole.length * 2) / 3; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 1;
      expect(await foundIn(damaged, session), `byte ${at}`).toBe(2);
    }
  });

  test("forgets what is finalized, though entries of it lie beside those of others", async () => {
    let buffer = await opened();
    const [done, going] = [randomUUID(), randomUUID()];
    for (const session of [done, going]) await buffer.keepBatch(session, batch(0));
    await buffer.end(done, { lastSequence: 0, exercises: [] }, 1_000);
    await buffer.finalized(done);
    for (let times = 0; times < 3; times++) {
      buffer = await reopened(buffer);
      expect(buffer.ended(1_000)).toEqual([]);
      expect(await buffer.keepBatch(done, batch(1))).toBe("ended");
      expect(await buffer.read(done)).toBeNull();
      expect(buffer.counts.sessions).toBe(1);
    }
    await buffer.finalized(going);
    buffer = await reopened(buffer);
    expect(buffer.counts).toEqual({ sessions: 0, segments: 0 });
    expect(segments()).toEqual([]);
  });
});

test("TEL-02: segments are given back one by one, when each of their sessions is finalized", async () => {
  const buffer = await opened({ segmentBytes: 4_000 });
  const sessions = Array.from({ length: 40 }, () => randomUUID());
  for (const session of sessions) await buffer.keepBatch(session, batch(0, "x".repeat(900)));
  expect(segments().length).toBeGreaterThan(5);
  for (const session of sessions.slice(1)) await buffer.finalized(session);
  expect(segments()).toHaveLength(1);
  expect(await numbersOf(buffer, sessions[0] as string)).toEqual([[0, "x".repeat(900)]]);
  await buffer.finalized(sessions[0] as string);
  expect(segments()).toEqual([]);
});

test("TEL-02, TEL-03: two processes that live leave each other's sessions alone", async () => {
  const [first, second] = [await opened(), await opened()];
  const session = randomUUID();
  await first.keepBatch(session, batch(0));
  expect(await second.takeOver()).toEqual({ segments: 0, tornBytes: 0 });
  await first.close();
  open = open.filter((one) => one !== first);
  expect(await second.takeOver()).toEqual({ segments: 1, tornBytes: 0 });
  expect(await second.keepBatch(session, batch(0))).toBe("same");
  expect(await numbersOf(second, session)).toEqual([[0, "content 0"]]);
});

test("TEL-02: what the disk does not take is not promised, and is taken once the disk does", async () => {
  const buffer = await opened();
  const session = randomUUID();
  const own = path.join(folder, readdirSync(folder)[0] as string);
  renameSync(own, `${own}.away`);
  await expect(buffer.keepBatch(session, batch(0))).rejects.toThrow("ENOENT");
  renameSync(`${own}.away`, own);
  expect(await buffer.keepBatch(session, batch(0))).toBe("kept");
  expect(await numbersOf(buffer, session)).toEqual([[0, "content 0"]]);
});
