// Starts processes: the composer as npm start runs it, which is killed at work, and a browser that plays what it made.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bareEnv } from "../../db/testing/bare_env.ts";
import { ComposerDelayed, ComposerRefused, composerFrom } from "../../providers/composer/index.ts";
import { localVideos } from "../../providers/exercise_video/local.ts";
import { openBrowser } from "../../server/tests/pages/browser.ts";
import { openRendering, type Rendering } from "./rendering.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

let here: Rendering;
let temporary: string;
let child: ChildProcess | undefined;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  here = await openRendering();
  temporary = path.join(here.dataDir, "tmp");
  mkdirSync(temporary);
  const [port, ops] = [await freePort(), await freePort()];
  env = {
    ...bareEnv,
    DATA_DIR: here.dataDir,
    OBJECTS_PORT: String(here.objects.port),
    COMPOSER_PORT: String(port),
    COMPOSER_OPS_PORT: String(ops),
    TMPDIR: temporary,
  };
});
afterEach(() => end("SIGKILL"));
afterAll(() => here.stop());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function start(): Promise<void> {
  child = spawn(process.execPath, [main], { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await once(child, "message");
}

async function end(signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 15_000; !isSo(); await sleep(20)) {
    if (Date.now() > deadline) throw new Error(`it does not come to ${what}`);
  }
}

const folders = () => readdirSync(temporary).filter((name) => name.startsWith("restartix-composer-"));
const isRendering = () => folders().some((name) => readdirSync(path.join(temporary, name)).length > 0);
const composer = () => {
  const found = composerFrom(env);
  if (!found) throw new Error("there is no composer");
  return found;
};
type Played = { width: number; length: number; at: number; error: unknown };
/** Takes some seconds. */
const long = { sets: 3, reps: 40, restSeconds: 10, side: "right" as const };

describe("the composer is a process of its own (EXL-05)", () => {
  test("what it makes plays in a browser, by a signed URL, from any place in it", async () => {
    await start();
    const asked = here.order({ recipe: { sets: 2, reps: 2, restSeconds: 2, side: "both" } });
    const rendered = await composer().render(asked);
    const playback = await localVideos(here.stores).playback(rendered.videoId);
    const page = createServer((_, response) =>
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(`<video muted src="${playback?.url.replaceAll("&", "&amp;")}"></video>`),
    ).listen(0, "127.0.0.1");
    const { browser, close } = await openBrowser();
    try {
      const tab = await browser.newPage();
      await tab.goto(`http://127.0.0.1:${(page.address() as AddressInfo).port}/`);
      const played = await tab.evaluate<Played>(`(async () => {
        const video = document.querySelector("video");
        const hears = (event) => new Promise((resolve) => video.addEventListener(event, resolve, { once: true }));
        await video.play();
        const [seeked, ended] = [hears("seeked"), hears("ended")];
        video.currentTime = 10;
        await seeked;
        await ended;
        return { width: video.videoWidth, length: video.duration, at: video.currentTime, error: video.error };
      })()`);
      expect(played).toMatchObject({ width: 320, error: null });
      expect(Math.round(played.length)).toBe(rendered.durationS);
      expect(played.at).toBeCloseTo(played.length, 1);
    } finally {
      await close();
      page.close();
    }
    const metrics = await (await fetch(`http://127.0.0.1:${env.COMPOSER_OPS_PORT}/metrics`)).text();
    expect(metrics).toContain('composer_renders_total{outcome="rendered"} 1');
  });

  test("one that is killed at work is tried again, and one video is there", async () => {
    await start();
    const asked = here.order({ recipe: long });
    const lost = composer().render(asked);
    const failure = expect(lost).rejects.toThrow(ComposerDelayed);
    await until("a render", isRendering);
    await sleep(300);
    await end("SIGKILL");
    await failure;
    expect(folders().length).toBe(1);

    await start();
    // What it left behind is gone, and its folder is the new one's.
    expect(folders().length).toBe(1);
    expect(isRendering()).toBe(false);
    const [one, two] = await Promise.all([composer().render(asked), composer().render(asked)]);
    expect(two).toEqual(one);
    const videos: string[] = [];
    for await (const { key } of here.store.list("exercise-renders/")) videos.push(key);
    expect(videos.filter((key) => key === asked.objectKey)).toEqual([asked.objectKey]);
  });

  test("told to leave, it leaves with what it was at", async () => {
    await start();
    const lost = composer().render(here.order({ recipe: long }));
    const failure = expect(lost).rejects.toThrow(ComposerDelayed);
    await until("a render", isRendering);
    await end("SIGTERM");
    await failure;
    expect(child?.exitCode).toBe(0);
    expect(folders()).toEqual([]);
  });

  test("its client tells what another try mends from what none does", async () => {
    await start();
    await expect(composer().render(here.order({ bundle: "exercises/arm-raise/66/" }))).rejects.toThrow(
      new ComposerRefused("manifest.json is not in the bundle"),
    );
    const stranger = composerFrom({ ...env, COMPOSER_SECRET: "another secret of thirty-two letters" });
    await expect(stranger?.render(here.order())).rejects.toThrow(ComposerDelayed);
    await end("SIGTERM");
    await expect(composer().render(here.order())).rejects.toThrow("the composer does not answer");
  });

  test("in production it has a secret and an address that nobody listens to on the way", async () => {
    const production = { ...env, APP_MODE: "production", COMPOSER_SECRET: "" };
    expect(composerFrom(production)).toBeNull();
    expect(() => composerFrom({ ...production, COMPOSER_URL: "https://composer.test" })).toThrow(
      /COMPOSER_SECRET must be/,
    );
    const secret = { COMPOSER_SECRET: "a secret of at least thirty-two letters" };
    expect(() => composerFrom({ ...production, ...secret, COMPOSER_URL: "http://composer.test" })).toThrow(
      /COMPOSER_URL must be/,
    );
    expect(composerFrom({ ...production, ...secret, COMPOSER_URL: "https://composer.test" })).not.toBeNull();
    const started = spawn(process.execPath, [main], { env: production, stdio: ["ignore", "ignore", "pipe"] });
    const said: Buffer[] = [];
    started.stderr?.on("data", (piece) => said.push(piece));
    expect(await once(started, "close")).toEqual([1, null]);
    expect(Buffer.concat(said).toString()).toMatch(/COMPOSER_SECRET must be a secret/);
  });
});
