import { rmSync } from "node:fs";
import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import { exerciseVideosFrom } from "../providers/exercise_video/index.ts";
import { storesFrom } from "../providers/storage/index.ts";
import { ConfigError } from "../runtime/config_error.ts";
import { listen } from "../runtime/listen.ts";
import { createLog } from "../runtime/log.ts";
import { startOperationsListener } from "../runtime/operations/listener.ts";
import { readSettingsFiles } from "../runtime/settings_file.ts";
import { StartupError } from "../runtime/startup_error.ts";
import { readComposerSettings } from "./config.ts";
import { ffmpegOf } from "./ffmpeg.ts";
import { createRenders } from "./renders.ts";
import { composerServer } from "./server.ts";
import { openWorkFolder } from "./work_folder.ts";

/** The composer: a process that makes the videos of exercises, and knows no database. EXL-05. */
async function main(): Promise<void> {
  readSettingsFiles();
  const config = readComposerSettings(process.env);
  const log = createLog(config);
  const ends = new AbortController();
  const stores = storesFrom(process.env);
  const workFolder = openWorkFolder();
  const renders = createRenders({
    ffmpeg: ffmpegOf(config.ffmpeg, { timeoutMs: config.timeoutMs, signal: ends.signal }),
    stores,
    videos: exerciseVideosFrom(process.env, stores),
    workFolder,
    parallel: config.parallel,
    mostWaiting: 50,
  });

  const registry = new Registry();
  const outcomes = new Counter({
    name: "composer_renders_total",
    help: "Renders by what became of them.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "composer_render_seconds",
    help: "How long renders took, with what they waited.",
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300],
    registers: [registry],
  });
  new Gauge({
    name: "composer_renders_underway",
    help: "Renders that are being made or wait.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(renders.busy())) this.set({ state }, count);
    },
  });
  const ops =
    config.ops &&
    (await startOperationsListener({
      ...config.ops,
      registry,
      readiness: async () => ({ ready: true, checks: {} }),
    }));

  const server = composerServer({
    secret: config.secret,
    renders,
    log,
    noteOutcome(outcome, took) {
      outcomes.inc({ outcome });
      if (outcome === "rendered") seconds.observe(took);
    },
  });
  await listen(server, config, { host: "COMPOSER_HOST", port: "COMPOSER_PORT" });
  log.info({ port: config.port }, "composer ready");
  process.send?.("ready");

  const leave = (why: string) => {
    log.info(`composer leaving: ${why}`);
    ends.abort();
    server.close(() => {
      rmSync(workFolder, { recursive: true, force: true });
      process.exit(0);
    });
    server.closeIdleConnections();
    setTimeout(() => process.exit(1), 5_000).unref();
    void ops?.close();
    stores.close();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => leave(signal));
  if (process.connected) process.once("disconnect", () => leave("the parent is gone"));
}

if (import.meta.main) {
  main().catch((error) => {
    const expected = error instanceof ConfigError || error instanceof StartupError;
    console.error(expected ? error.message : error);
    process.exit(1);
  });
}
