import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { deflateRawSync } from "node:zlib";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MOST_BATCHES } from "../buffer/port.ts";
import { HEADER_BYTES } from "../codec/header.ts";
import { createRate } from "../ingest/rates.ts";
import { type RunningTelemetry, startTelemetry } from "../service.ts";
import {
  type Begun,
  encoded,
  pageOf,
  type Surroundings,
  squats,
  startSurroundings,
  told,
} from "./support.ts";

// TEL-01, TEL-02: what is too large, too fast, too late or no batch at all is refused, and the end is not.

let around: Surroundings;
let telemetry: RunningTelemetry;
let good: Uint8Array<ArrayBuffer>[];
beforeAll(async () => {
  around = await startSurroundings("telemetry is another process to it, and says what it has committed");
  telemetry = await startTelemetry(around.config, pino({ level: "silent" }));
  good = await encoded(squats(2));
});
afterAll(async () => {
  await telemetry.close();
  await around.stop();
});
const page = (begun: Begun) => pageOf(telemetry.url, begun);
const first = () => Uint8Array.from(good[0] as Uint8Array);

/** A batch with other bytes behind its header, or another header. */
function changed(
  change: (bytes: Uint8Array<ArrayBuffer>) => void,
  packed?: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const bytes = packed ? Uint8Array.from([...first().subarray(0, HEADER_BYTES), ...packed]) : first();
  change(bytes);
  return bytes;
}

describe("TEL-01: a batch is refused", () => {
  test.each<[string, () => Uint8Array<ArrayBuffer>, string]>([
    ["larger than 64 KB", () => new Uint8Array(64 * 1024 + 1), "413 body_too_large"],
    ["that is empty", () => new Uint8Array(0), "400 not_a_batch"],
    ["of other bytes", () => Uint8Array.from(randomBytes(2_000)), "400 not_a_batch"],
    ["of another version", () => changed((bytes) => bytes.fill(9, 2, 3)), "400 version_unknown"],
    ["of more than 150 frames", () => changed((bytes) => bytes.fill(151, 3, 4)), "400 too_many_frames"],
    [
      "that inflates to more than it says",
      () => changed(() => {}, deflateRawSync(Buffer.alloc(20_000_000))),
      "413 inflated_too_large",
    ],
    [
      "whose bytes do not inflate",
      () => changed((bytes) => bytes.fill(255, HEADER_BYTES)),
      "400 not_inflatable",
    ],
    [
      "that goes on behind its end",
      () => changed(() => {}, Buffer.concat([first().subarray(HEADER_BYTES), Buffer.from("x")])),
      "400 not_inflatable",
    ],
    [
      "whose limbs lie beyond ±4",
      () => changed((bytes) => new DataView(bytes.buffer).setUint16(24, 1, true)),
      "400 coordinate_out_of_range",
    ],
  ])("%s", async (_, body, answer) => {
    expect(await told(page(await around.begin()).frames(body()))).toBe(answer);
  });

  test("of another type, compressed on its way, or of no exercise", async () => {
    const begun = await around.begin();
    for (const [headers, answer] of [
      [{ "content-type": "application/json" }, "415 media_type_not_accepted"],
      [{ "content-encoding": "gzip" }, "415 encoding_not_accepted"],
      [{ "x-exercise": "one" }, "400 exercise_not_named"],
      [{ "x-exercise": "1000" }, "400 exercise_not_named"],
    ] as const) {
      expect(await told(page(begun).frames(first(), headers))).toBe(answer);
    }
  });

  test("whose number no session reaches, or that comes an hour after the first", async () => {
    const begun = await around.begin();
    const numbered = changed((bytes) => new DataView(bytes.buffer).setUint32(4, MOST_BATCHES, true));
    expect(await told(page(begun).frames(numbered))).toBe("410 session_too_long");
  });
});

describe("TEL-02: a session that sends too fast", () => {
  test("is told when to come again after ten batches, and its end is taken all the same", async () => {
    const [begun, other] = [await around.begin(), await around.begin()];
    const answers = await Promise.all(Array.from({ length: 40 }, () => page(begun).frames(first())));
    const refused = answers.filter(({ status }) => status === 429);
    // A machine that is busy may be so slow that some more are due meanwhile.
    expect(refused.length).toBeGreaterThan(15);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
    for (const answer of refused) expect(answer.headers.get("retry-after")).toBe("1");
    expect(await told(page(other).frames(first()))).toBe("200");
    expect(await told(page(begun).end({ lastSequence: 0, exercises: [] }))).toBe("200");
  });

  test("may send two a second in the long run", () => {
    let now = 0;
    const mayNow = createRate({ perSecond: 2, burst: 10 }, () => now);
    let taken = 0;
    for (; now < 60_000; now += 50) {
      try {
        mayNow("a session");
        taken += 1;
      } catch {
        // not now
      }
    }
    expect(taken).toBe(10 + 2 * 60 - 1);
  });
});

test.each<[string, unknown]>([
  ["none", []],
  [
    "too many",
    Array.from({ length: 201 }, (_, id) => ({ id, kind: "play", at: 1, position: 0, exercise: 1 })),
  ],
  ["of no kind", [{ id: 0, kind: "dance", at: 1, position: 0, exercise: 1 }]],
  ["with what nobody knows", [{ id: 0, kind: "play", at: 1, position: 0, exercise: 1, name: "Ana" }]],
  ["before the video", [{ id: 0, kind: "play", at: 1, position: -1, exercise: 1 }]],
  ["a seek from nowhere", [{ id: 0, kind: "seek", at: 1, position: 5, exercise: 1 }]],
])("TEL-01: events are refused: %s", async (_, events) => {
  expect(await told(page(await around.begin()).events(events))).toBe("400 events_not_valid");
});

test("TEL-01: a flood of garbage is refused to the last, and sessions go on beside it", async () => {
  const [begun, hostile] = [await around.begin(), await around.begin()];
  const garbage = Array.from({ length: 300 }, (_, i) => {
    const body = Uint8Array.from(randomBytes(1 + ((i * 997) % 70_000)));
    const as = i % 3 === 0 ? { ...hostile, token: randomBytes(100).toString("base64url") } : hostile;
    return page(as).frames(body);
  });
  // Raw bytes that are no request at all.
  const sockets = Array.from({ length: 20 }, () => {
    const socket = connect(Number(new URL(telemetry.url).port), "127.0.0.1", () =>
      socket.write(randomBytes(5_000)),
    );
    return new Promise((resolve) => socket.on("error", resolve).on("close", resolve).resume());
  });
  for (const body of good) expect(await told(page(begun).frames(body))).toBe("200");
  const statuses = await Promise.all(
    garbage.map((answer) =>
      answer.then(
        ({ status }) => status,
        () => "reset",
      ),
    ),
  );
  expect(statuses.filter((status) => ![400, 401, 413, 429, "reset"].includes(status))).toEqual([]);
  await Promise.all(sockets);
  expect(await told(page(begun).end({ lastSequence: good.length - 1, exercises: [] }))).toBe("200");
});
