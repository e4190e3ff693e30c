import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codecV1 } from "../codec/codec_v1.ts";
import { HEADER_BYTES } from "../codec/header.ts";
import type { PoseBatch } from "../codec/pose_batch.ts";
import { inBatches } from "./batches.ts";
import { record, STANDING } from "./skeleton.ts";

const batches = inBatches(
  record((seconds) => ({ ...STANDING, knee: 140 + 30 * Math.sin(seconds) }), { seconds: 6, jitter: 0.003 }),
);
batches[1]!.frames[3]!.landmarks = null;
const bodies = await Promise.all(batches.map((batch) => codecV1.encode(batch)));
const whole = bodies[0]!;
const spoilt = [
  whole.subarray(0, 200),
  whole.subarray(0, HEADER_BYTES),
  new Uint8Array([...whole, 0]),
  new Uint8Array([...whole.subarray(0, 3), 61, ...whole.subarray(4)]),
  new Uint8Array([...whole.subarray(0, HEADER_BYTES), 255, ...whole.subarray(HEADER_BYTES)]),
];

export function codecCases(browser: () => Browser): void {
  let page: Page;
  beforeAll(async () => {
    page = await browser().newPage();
    // The very files, without their types.
    await page.route("https://codec.example/**", async (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name === "") return await route.fulfill({ contentType: "text/html", body: "" });
      const source = readFileSync(new URL(`../codec/${name}`, import.meta.url), "utf8");
      await route.fulfill({ contentType: "text/javascript", body: stripTypeScriptTypes(source) });
    });
    await page.goto("https://codec.example/");
    const content = `globalThis.codecV1 = (await import("./codec_v1.ts")).codecV1; globalThis.isLoaded = true;`;
    await page.addScriptTag({ type: "module", content });
    await page.waitForFunction("globalThis.isLoaded");
  });
  afterAll(() => page.close());

  test("a browser decodes, encodes and refuses as a server does", async () => {
    const inBrowser = await page.evaluate(
      async ({ bodies, spoilt }) => {
        const { codecV1 } = globalThis as unknown as typeof import("../codec/codec_v1.ts");
        const decoded = [];
        const encoded = [];
        for (const body of bodies) {
          const batch = await codecV1.decode(new Uint8Array(body));
          encoded.push([...(await codecV1.encode(batch))]);
          const frames = batch.frames.map(({ at, landmarks }) => ({
            at,
            landmarks: landmarks && [...landmarks],
          }));
          decoded.push({ ...batch, frames });
        }
        const refused = [];
        for (const body of spoilt) {
          const reason = (error: { reason?: string }) => error.reason ?? String(error);
          refused.push(await codecV1.decode(new Uint8Array(body)).then(() => "decoded", reason));
        }
        return { decoded, encoded, refused };
      },
      { bodies: bodies.map((body) => [...body]), spoilt: spoilt.map((body) => [...body]) },
    );
    const here: PoseBatch[] = [];
    for (const [i, body] of bodies.entries()) {
      here.push(await codecV1.decode(body));
      // Compressed by another program, the bytes may differ; what they say may not.
      expect(await codecV1.decode(new Uint8Array(inBrowser.encoded[i]!))).toEqual(here[i]);
    }
    const asArrays = here.map((batch) => ({
      ...batch,
      frames: batch.frames.map(({ at, landmarks }) => ({ at, landmarks: landmarks && [...landmarks] })),
    }));
    expect(inBrowser.decoded).toEqual(asArrays);
    const refusals = await Promise.all(
      spoilt.map((body) =>
        codecV1.decode(body).then(
          () => "decoded",
          ({ reason }) => reason,
        ),
      ),
    );
    expect(refusals).not.toContain("decoded");
    expect(inBrowser.refused).toEqual(refusals);
  });
}
