// ffmpeg itself makes the videos here, in well under a second each.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ffmpegOf } from "../ffmpeg.ts";
import { film, program } from "./bundles.ts";
import { openRendering, type Rendering } from "./rendering.ts";

let here: Rendering;
beforeAll(async () => {
  here = await openRendering();
});
afterAll(() => here.stop());

describe("a film is imported (EXL-03)", () => {
  const importing = (source: string) =>
    here.order({ kind: "duration_based", recipe: null, bundle: null, source });
  const put = (key: string, bytes: Buffer) => here.store.put(key, bytes, { contentType: "video/mp4" });
  const ffmpeg = ffmpegOf(program, { timeoutMs: 60_000 });

  test.each([
    ["what browsers play already is kept as it is", "h264.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p"]],
    ["what they do not play is made anew", "mpeg4.mov", ["-c:v", "mpeg4"]],
    ["WebM likewise", "vp8.webm", ["-c:v", "libvpx", "-b:v", "200k"]],
  ])("%s", async (_, name, codec) => {
    const picture = ["-f", "lavfi", "-i", "testsrc=s=160x121:r=10:d=2", "-vf", "scale=160:120"];
    const sound = ["-f", "lavfi", "-i", "sine=d=2", ...(name.endsWith("webm") ? ["-c:a", "libvorbis"] : [])];
    const source = `exercises/arm-raise/${name}`;
    await put(
      source,
      await film(ffmpeg, here.dataDir, name, [
        ...picture.slice(0, 4),
        ...sound,
        ...picture.slice(4),
        ...codec,
      ]),
    );
    const asked = importing(source);
    expect(await here.rendersWith().render(asked)).toMatchObject({ durationS: 2, videoId: asked.objectKey });
    writeFileSync(path.join(here.dataDir, "got.mp4"), (await here.kept(asked.objectKey)) as Buffer);
    expect(await ffmpeg.probe("got.mp4", here.dataDir)).toMatchObject({
      codec: "h264",
      pixels: "yuv420p",
      width: 160,
      height: 120,
    });
  });

  test("what is no film is refused", async () => {
    await put("exercises/arm-raise/text.mp4", Buffer.from("words"));
    await expect(here.rendersWith().render(importing("exercises/arm-raise/text.mp4"))).rejects.toThrow(
      /no film/,
    );
    await expect(here.rendersWith().render(importing("exercises/arm-raise/gone.mp4"))).rejects.toThrow(
      /not in the bundle/,
    );
  });
});
