import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { codecV1 } from "../codec/codec_v1.ts";
import { HEADER_BYTES, readHeader } from "../codec/header.ts";
import { LandmarkCodecError, MAX_BODY_BYTES, MAX_COORDINATE, MAX_FRAMES } from "../codec/landmark_codec.ts";
import { serverCodec } from "../server_codec.ts";
import { inBatches } from "./batches.ts";
import { randomFrom, record, STANDING } from "./skeleton.ts";

/** Bodies to try; more by FUZZ_ROUNDS=200000. */
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 600);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

const [batch] = inBatches(
  record((seconds) => ({ ...STANDING, elbow: 170 - 20 * seconds }), { seconds: 0.5 }),
);
batch!.frames[4]!.landmarks = null;
const valid = await codecV1.encode(batch!);
const plain = inflateRawSync(valid.subarray(HEADER_BYTES));

/** A batch within the limits, or a refusal that says why: nothing else. */
async function outcomeOf(body: Uint8Array, codec = codecV1): Promise<string> {
  try {
    const { frames } = await codec.decode(body);
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.length).toBeLessThanOrEqual(MAX_FRAMES);
    for (const [i, { at, landmarks }] of frames.entries()) {
      if (i > 0) expect(at).toBeGreaterThan(frames[i - 1]!.at);
      const isBounded = (value: number, n: number) =>
        n % 4 === 3 ? value >= 0 && value <= 1 : Math.abs(value) <= MAX_COORDINATE;
      expect(landmarks === null || landmarks.every(isBounded)).toBe(true);
    }
    return "decoded";
  } catch (error) {
    if (error instanceof LandmarkCodecError) return error.reason;
    throw error;
  }
}

/** What is too long and broken further on may be refused for either, by which is seen first. */
const whole = (outcome: string) => (outcome === "inflated_too_large" ? "not_inflatable" : outcome);

const random = randomFrom(SEED);
const below = (most: number) => Math.floor(random() * most);
const noise = (length: number) => Uint8Array.from({ length }, () => below(256));
const packed = (head: Uint8Array, content: Uint8Array) =>
  new Uint8Array(Buffer.concat([head, deflateRawSync(content)]));
const head = valid.subarray(0, HEADER_BYTES);

/** Ways to spoil a body: in its bytes, in its header, and behind the compression, where checks of content begin. */
const spoilt: (() => Uint8Array)[] = [
  () => noise(below(200)),
  () => new Uint8Array(Buffer.concat([head, noise(below(400))])),
  () => valid.subarray(0, below(valid.length)),
  () => new Uint8Array(Buffer.concat([valid, noise(1 + below(20))])),
  () => withChanges(valid, 1 + below(4)),
  () => packed(withChanges(head, 1), plain),
  () => packed(head, withChanges(plain, 1 + below(50))),
  () => packed(head, noise(plain.length)),
  () => packed(head, plain.subarray(0, below(plain.length))),
];

function withChanges(bytes: Uint8Array, changes: number): Uint8Array {
  const changed = bytes.slice();
  for (let k = 0; k < changes; k++) changed[below(changed.length)] = below(256);
  return changed;
}

describe("codec v1 takes any input (TEL-03)", () => {
  test("a spoilt body is refused with its reason or makes a batch within the limits, never anything else", async () => {
    const met = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const body = spoilt[round % spoilt.length]!();
      const outcome = await outcomeOf(body);
      expect(whole(await outcomeOf(body, serverCodec))).toBe(whole(outcome));
      met.set(outcome, (met.get(outcome) ?? 0) + 1);
    }
    // Each check was reached, so that the fuzz is not one of the first check alone.
    expect([...met.keys()]).toEqual(
      expect.arrayContaining([
        "decoded",
        "not_a_batch",
        "not_inflatable",
        "length_wrong",
        "header_not_valid",
        "coordinate_out_of_range",
        "too_many_frames",
      ]),
    );
  });

  test("a small body that stands for gigabytes is refused, and no memory is taken for it", async () => {
    const bomb = packed(head, new Uint8Array(48 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(MAX_BODY_BYTES);
    await outcomeOf(bomb);
    const before = process.memoryUsage();
    let most = 0;
    for (let round = 0; round < 20; round++) {
      expect(await outcomeOf(bomb, round % 2 === 0 ? codecV1 : serverCodec)).toBe("inflated_too_large");
      const { arrayBuffers, external } = process.memoryUsage();
      most = Math.max(most, arrayBuffers + external - before.arrayBuffers - before.external);
    }
    expect(most).toBeLessThan(24 * 1024 * 1024);
  });

  test.each([
    ["body_too_large", new Uint8Array(MAX_BODY_BYTES + 1)],
    ["not_a_batch", new Uint8Array(0)],
    ["not_a_batch", valid.subarray(0, HEADER_BYTES - 1)],
    ["version_unknown", changedAt(2, 2)],
    ["frames_missing", changedAt(3, 0)],
    ["too_many_frames", changedAt(3, MAX_FRAMES + 1)],
    ["header_not_valid", changedAt(15, 0xff)],
    ["header_not_valid", changedAt(33, 1)],
    ["coordinate_out_of_range", changedAt(25, 1)],
    [
      "time_not_rising",
      packed(
        head,
        plain.map((byte, i) => (i % 14 === 3 && i < 28 ? 0 : byte)),
      ),
    ],
    [
      "visibility_out_of_range",
      packed(
        head,
        plain.map((byte, i) => (i === plain.length - 1 ? 255 : byte)),
      ),
    ],
    ["length_wrong", packed(head, plain.subarray(1))],
    ["inflated_too_large", packed(head, new Uint8Array(300 * 1024))],
    ["not_inflatable", head],
  ])("refuses %s", async (reason, body) => {
    expect(await outcomeOf(body)).toBe(reason);
    expect(await outcomeOf(body, serverCodec)).toBe(reason);
  });

  test("a body is read where it lies in a larger buffer", async () => {
    const larger = new Uint8Array(valid.length + 20);
    larger.set(valid, 7);
    const inside = larger.subarray(7, 7 + valid.length);
    expect(readHeader(inside).frames).toBe(15);
    expect(await codecV1.decode(inside)).toEqual(await codecV1.decode(valid));
    expect(await serverCodec.decode(inside)).toEqual(await codecV1.decode(valid));
    expect(await codecV1.decode(await serverCodec.encode(batch!))).toEqual(await codecV1.decode(valid));
  });
});

function changedAt(place: number, value: number): Uint8Array {
  const changed = valid.slice();
  changed[place] = value;
  return changed;
}
