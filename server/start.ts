import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrateDatabase } from "../db/migrating/migrate.ts";
import { openDatabase } from "../db/migrating/open_database.ts";
import { seedDemo } from "../db/seed/demo.ts";
import { publishExercises } from "../db/seed/exercises.ts";
import type { Keep } from "../db/seed/signatures.ts";
import { keepObject } from "../providers/storage/embedded/keep_object.ts";
import { ConfigError } from "../runtime/config_error.ts";
import { SourceError, StartupError } from "../runtime/startup_error.ts";
import { takeFolder } from "../runtime/supervisor.ts";
import { buildPages } from "../web/building/build.ts";
import { type Child, startChild } from "./start/children.ts";
import { endWithUs } from "./start/guard.ts";
import { sampleOperations, whatToTry } from "./start/next_steps.ts";
import { checkPorts } from "./start/ports.ts";
import { readSettings, type Settings } from "./start/settings.ts";
import { writeTokens } from "./start/tokens.ts";

/**
 * `npm start` (FND-30): the database, the API, the worker, telemetry, a mailbox, a composer of videos and an object
 * store, with a demo clinic. Stays until it is told to stop, and leaves nothing running.
 */
async function start(stop: AbortSignal): Promise<void> {
  const settings = readSettings();
  const say = progress();
  await using ends = new AsyncDisposableStack();

  ends.defer(takeFolder(settings.dataDir));
  await checkPorts({
    PORT: settings.apiPort,
    OPS_PORT: settings.opsPorts.api,
    WORKER_OPS_PORT: settings.opsPorts.worker,
    TELEMETRY_PORT: settings.telemetryPort,
    TELEMETRY_OPS_PORT: settings.opsPorts.telemetry,
    ...(settings.mailbox && { MAILBOX_PORT: settings.mailbox.pagePort }),
    ...(settings.mailbox?.smtpPort && { SMTP_URL: settings.mailbox.smtpPort }),
    ...(settings.composerPort && { COMPOSER_PORT: settings.composerPort }),
    ...(settings.objectsPort && { OBJECTS_PORT: settings.objectsPort }),
  });

  const { urls, server, close } = await openDatabase({ env: { ...process.env, DATA_DIR: settings.dataDir } });
  ends.defer(close);
  if (server) ends.defer(endWithUs(server.pid));
  say(server ? `PostgreSQL 18 runs on port ${server.port}` : "PostgreSQL answers at DATABASE_URL");
  stop.throwIfAborted();

  await migrateDatabase(urls);
  say("the database is migrated");
  stop.throwIfAborted();

  const keep: Keep | undefined = settings.objectsPort
    ? (key, bytes, contentType) => keepObject(settings.dataDir, key, bytes, contentType)
    : undefined;
  say(
    (await seedDemo(urls.owner, keep))
      ? "two demo clinics are furnished"
      : "the demo clinics are there already",
  );
  stop.throwIfAborted();

  say((await buildPages()) ? "the pages are made" : "the pages are made already");
  stop.throwIfAborted();

  const children = startChildren(settings, urls, say);
  ends.defer(async () => void (await Promise.all(children.map((child) => child.stop()))));
  // db:watch and migrate say so when they changed the schema, which both read when they start.
  const reload = () => {
    say("the schema changed: API and worker start again");
    for (const child of children.slice(0, 2)) child.restart();
  };
  process.on("SIGUSR2", reload);
  ends.defer(() => void process.off("SIGUSR2", reload));
  await Promise.race([Promise.all(children.map(({ ready }) => ready)), aborted(stop)]);
  stop.throwIfAborted();
  const api = `http://localhost:${settings.apiPort}`;
  await untilReady(`${api}/readyz`, stop);
  say(
    `${listed(["API", "worker", "telemetry", ...(settings.mailbox ? ["mailbox"] : []), ...(settings.composerPort ? ["composer"] : []), ...(settings.objectsPort ? ["object store"] : [])])} are up`,
  );

  console.log(whatToTry(settings, writeTokens(settings.dataDir), await sampleOperations(api)));

  if (keep && settings.composerPort) void tendExercises(urls.owner, stop);

  const ended = await Promise.race([aborted(stop), server?.exited.then(() => "database") ?? aborted(stop)]);
  if (ended === "database") {
    throw new StartupError(
      `The database ended by itself: see ${path.join(settings.dataDir, "postgres.log")}.`,
    );
  }
  say("stopping");
}

/** Has the videos of the demo's exercises made, and brings each into the catalog as its video is there. */
async function tendExercises(ownerUrl: string, stop: AbortSignal): Promise<void> {
  for (let waiting = 1; waiting > 0 && !stop.aborted; ) {
    // The database may be on its way down.
    waiting = await publishExercises(ownerUrl).catch(() => (stop.aborted ? 0 : 1));
    await sleep(3_000, undefined, { ref: false });
  }
}

type Urls = { authenticator: string; worker: string; telemetry: string };

function startChildren(settings: Settings, urls: Urls, say: (line: string) => void): Child[] {
  // Each gets its own way into the database, and none gets the administrator's.
  const { DATABASE_URL: _, OWNER_DATABASE_URL: __, WORKER_DATABASE_URL: ___, ...shared } = process.env;
  delete shared.AUTHENTICATOR_DATABASE_URL;
  delete shared.TELEMETRY_DATABASE_URL;
  // Where the mailbox, like any vendor, reports what became of a text.
  const publicUrl = process.env.PUBLIC_URL || `http://localhost:${settings.apiPort}`;
  const child = (name: string, file: string, env: NodeJS.ProcessEnv) =>
    startChild({
      name: `The ${name}`,
      file,
      env: { ...shared, DATA_DIR: settings.dataDir, PUBLIC_URL: publicUrl, ...env },
      log: path.join(settings.dataDir, "log", `${name.toLowerCase()}.log`),
      onCrash: say,
    });

  const children = [
    child("API", "server/main.ts", {
      PORT: String(settings.apiPort),
      OPS_PORT: String(settings.opsPorts.api),
      TELEMETRY_PORT: String(settings.telemetryPort),
      AUTHENTICATOR_DATABASE_URL: urls.authenticator,
    }),
    child("worker", "tasks/main.ts", {
      OPS_PORT: String(settings.opsPorts.worker),
      WORKER_DATABASE_URL: urls.worker,
    }),
    child("telemetry", "telemetry/main.ts", {
      TELEMETRY_PORT: String(settings.telemetryPort),
      TELEMETRY_OPS_PORT: String(settings.opsPorts.telemetry),
      TELEMETRY_DATABASE_URL: urls.telemetry,
    }),
  ];
  if (settings.mailbox) children.push(child("mailbox", "providers/mailbox/main.ts", {}));
  if (settings.composerPort) children.push(child("composer", "composer/main.ts", {}));
  if (settings.objectsPort) children.push(child("objects", "providers/storage/embedded/main.ts", {}));
  return children;
}

function listed(names: string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

async function untilReady(url: string, stop: AbortSignal): Promise<void> {
  let answer = "no answer";
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    stop.throwIfAborted();
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    answer = (await response?.text()) ?? answer;
  }
  throw new StartupError(`The API does not get ready: ${url} says ${answer}`);
}

function progress(): (line: string) => void {
  const startedAt = Date.now();
  return (line) => console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

function aborted(signal: AbortSignal): Promise<"stop"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("stop");
    signal.addEventListener("abort", () => resolve("stop"), { once: true });
  });
}

const stop = new AbortController();
// npm passes Ctrl-C on to us though the terminal has told us too: a second signal is not impatience.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
process.stdout.on("error", () => stop.abort()); // nobody reads any more

process.on("SIGUSR2", () => {}); // too early for what it asks, and no reason to end

// A shell stands between npm and us; it dies of the signal that npm passes on, and tells us nothing.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, 250).unref();
}

try {
  await start(stop.signal);
} catch (error) {
  const expected = [StartupError, SourceError, ConfigError].some((kind) => error instanceof kind);
  if (!stop.signal.aborted) {
    console.error(expected ? (error as Error).message : error);
    process.exitCode = 1;
  }
}
// Whatever a library left open must not keep the terminal.
process.exit();
