// Starts processes: the program is run as somebody runs it who has recordings.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { record, STANDING } from "../../telemetry/tests/skeleton.ts";
import { NAMES } from "../pose/recordings.ts";

const measure = (...args: string[]) => promisify(execFile)(process.execPath, ["bench/pose/run.ts", ...args]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "restartix-recordings-"));
  for (const [id, fps, count] of [
    ["drawn_squat_2", 15, 4],
    ["drawn_squat_3", 30, 3],
    ["drawn_still_4", 30, 0],
  ] as const) {
    const depth = (second: number) =>
      second < 3 * count ? (1 - Math.cos((2 * Math.PI * second) / 3)) / 2 : 0;
    const frames = record((second) => ({ ...STANDING, knee: 178 - 80 * depth(second) }), {
      seconds: 14,
      fps,
    });
    const points = frames.map(({ landmarks }, i) =>
      i % 50 === 7 ? null : NAMES.map((_, k) => [...(landmarks ?? []).slice(k * 4, k * 4 + 4)]),
    );
    const file = { id, fps, image: [640, 480], landmark_names: NAMES, frames: points, expected_reps: count };
    writeFileSync(path.join(folder, `${id}.json.gz`), gzipSync(JSON.stringify(file)));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test("npm run bench:pose measures a folder of recordings, even and odd ones, beside its peers (TEL-03, TEL-04)", async () => {
  const { stdout: output } = await measure(folder, "--each");
  expect(output).toContain("3 recordings");
  expect(output).toMatch(
    /codec, as recorded: float32\+gzip [\d.]+ bytes a frame, v1 [\d.]+: [\d.]+ times smaller/,
  );
  expect(output).toMatch(/drawn_squat_2 +expected +4, counted +4, fixed degrees 0/);
  expect(output).toMatch(/drawn +even +2 +1\.000 {2}0\.000/);
  expect(output).toMatch(/drawn of 2 or more, half the pictures +odd +1 +1\.000 {2}0\.000/);
});

test("without a folder it says what it needs, and measures nothing (TEL-04)", async () => {
  await expect(measure()).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("Which folder?"),
  });
});
