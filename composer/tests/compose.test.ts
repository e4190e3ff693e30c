// ffmpeg itself makes the videos here, in well under a second each.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compose } from "../compose.ts";
import { ffmpegOf } from "../ffmpeg.ts";
import { manifest } from "../manifest.ts";
import { type Recipe, recipe } from "../recipe.ts";
import { RenderRefused } from "../refusals.ts";
import { boxesOf, film, manifestOf, program, sha256 } from "./bundles.ts";

const ffmpeg = ffmpegOf(program, { timeoutMs: 60_000 });
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "composer-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
const newFolder = () => {
  const made = path.join(folder, String(++count));
  mkdirSync(made);
  return made;
};

async function made(changes: object, asked: object, language: "ro" | "en" = "ro", within = newFolder()) {
  const { file, seconds } = await compose(ffmpeg, within, {
    manifest: manifest.parse(manifestOf(changes)),
    recipe: recipe.parse(asked) as Recipe,
    language,
  });
  const bytes = readFileSync(path.join(within, file));
  return { bytes, seconds, probe: await ffmpeg.probe(file, within), within };
}

/** The mean of each column of eight, in one picture of a video, as a line of grey values. */
async function pictureAt(within: string, seconds: number, file = "video.mp4"): Promise<number[]> {
  const to = `picture-${seconds}.raw`;
  const look = [
    "-ss",
    String(seconds),
    "-i",
    file,
    "-frames:v",
    "1",
    "-vf",
    "crop=iw:ih*0.5,scale=8:1",
    "-pix_fmt",
    "gray",
  ];
  await ffmpeg.run([...look, "-f", "rawvideo", to], { folder: within });
  return [...readFileSync(path.join(within, to))];
}

describe("a video is made of a recipe and a bundle (EXL-05)", () => {
  test("an MP4 that browsers play from its first byte on, as long as its repetitions and rests", async () => {
    const { bytes, seconds, probe } = await made({}, { sets: 2, reps: 3, restSeconds: 2, side: "right" });
    // 1.4 s a repetition.
    expect(seconds).toBeCloseTo(2 * 3 * 1.4 + 2, 5);
    expect(Math.abs(probe.seconds - seconds)).toBeLessThan(0.15);
    expect(probe).toMatchObject({
      codec: "h264",
      profile: "Constrained Baseline",
      pixels: "yuv420p",
      width: 320,
      height: 180,
    });
    const boxes = boxesOf(bytes);
    expect(boxes.indexOf("moov")).toBeGreaterThan(-1);
    expect(boxes.indexOf("moov")).toBeLessThan(boxes.indexOf("mdat"));
  });

  test("the same recipe gives the same bytes, another language others", async () => {
    const asked = { sets: 1, reps: 1, side: "right" };
    const [one, two, english] = [await made({}, asked), await made({}, asked), await made({}, asked, "en")];
    expect(sha256(one.bytes)).toBe(sha256(two.bytes));
    expect(sha256(english.bytes)).not.toBe(sha256(one.bytes));
  });

  test("its tempo and its time are those of the recipe", async () => {
    const tempo = { up: 1, hold: 2, down: 1 };
    expect((await made({}, { sets: 1, reps: 2, side: "left", tempo })).probe.seconds).toBeCloseTo(2 * 4.4, 0);
    expect((await made({}, { sets: 1, seconds: 5, side: "left" })).probe.seconds).toBeCloseTo(5, 1);
  });

  test("what was filmed of the right side is mirrored for the left, and stretched to the tempo", async () => {
    const within = newFolder();
    // Black on the left half, white on the right.
    const half = [
      "-f",
      "lavfi",
      "-i",
      "color=black:s=160x180:r=10:d=1",
      "-f",
      "lavfi",
      "-i",
      "color=white:s=160x180:r=10:d=1",
    ];
    const bytes = await film(ffmpeg, within, "right.mp4", [
      ...half,
      "-filter_complex",
      "hstack",
      "-pix_fmt",
      "yuv420p",
    ]);
    const right = {
      file: "right.mp4",
      sha256: sha256(bytes),
      bytes: bytes.length,
      seconds: 1,
      turn: { from: 0.4, to: 0.6 },
    };
    const changes = { drawing: undefined, clips: { right } };
    const asked = { sets: 1, reps: 1, side: "both", tempo: { up: 1, hold: 1, down: 2 } };
    const { seconds, probe } = await made(changes, asked, "ro", within);
    expect([seconds, Math.round(probe.seconds)]).toEqual([8, 8]);
    const [first, second] = [await pictureAt(within, 2), await pictureAt(within, 6)];
    expect(first[0]).toBeLessThan(60);
    expect(first[7]).toBeGreaterThan(200);
    expect(second[0]).toBeGreaterThan(200);
    expect(second[7]).toBeLessThan(60);
  });

  test("a bundle's own picture is shown in rests", async () => {
    const within = newFolder();
    const bytes = await film(ffmpeg, within, "rest.png", [
      "-f",
      "lavfi",
      "-i",
      "color=black:s=64x36",
      "-frames:v",
      "1",
    ]);
    const rest = { file: "rest.png", sha256: sha256(bytes), bytes: bytes.length };
    await made({ rest }, { sets: 2, reps: 1, restSeconds: 2, side: "right" }, "ro", within);
    expect(Math.max(...(await pictureAt(within, 0.5)))).toBeGreaterThan(150);
    expect((await pictureAt(within, 2.4))[0]).toBeLessThan(40);
  });

  test("one that would be longer than half an hour is refused before anything is made", async () => {
    const within = newFolder();
    const asked = made(
      {},
      { sets: 20, reps: 100, side: "right", tempo: { up: 5, hold: 5, down: 5 } },
      "ro",
      within,
    );
    await expect(asked).rejects.toThrow(new RenderRefused("the video would be longer than 30 minutes"));
  });
});

describe("what ffmpeg is given is only what it was sent (EXL-05)", () => {
  test("a list of other files that calls itself a film is none", async () => {
    const within = newFolder();
    const secret = path.join(within, "secret.txt");
    const list = Buffer.from(
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
    );
    writeFileSync(path.join(within, "right.mp4"), list);
    const right = { file: "right.mp4", sha256: sha256(list), bytes: list.length, seconds: 1 };
    const asked = made({ drawing: undefined, clips: { right } }, { sets: 1, reps: 1 }, "ro", within);
    await expect(asked).rejects.toThrow("right.mp4 is no film with a picture");
  });

  test("a run that takes too long is killed", async () => {
    const impatient = ffmpegOf(program, { timeoutMs: 300 });
    const startedAt = Date.now();
    const endless = ["-re", "-f", "lavfi", "-i", "testsrc=s=64x64", "-t", "60", "-f", "null", "-"];
    await expect(impatient.run(endless, { folder })).rejects.toThrow("ffmpeg did not end within 1 s");
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  test("it gets nothing of our environment", async () => {
    const script = path.join(folder, "telling.sh");
    writeFileSync(script, '#!/bin/sh\necho "secret: $SECRET_OF_A_TEST" >&2\nexit 1\n', { mode: 0o700 });
    process.env.SECRET_OF_A_TEST = "not for children";
    const told = ffmpegOf(script, { timeoutMs: 10_000 }).run([], { folder });
    await expect(told).rejects.toThrow(/^ffmpeg refuses: secret: $/);
    delete process.env.SECRET_OF_A_TEST;
  });
});
