import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { seedDemo } from "../../../db/seed/demo.ts";
import { bareEnv } from "../../../db/testing/bare_env.ts";
import { mailboxAccount } from "../../../providers/mailbox/account.ts";
import { startMailbox } from "../../../providers/mailbox/index.ts";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { type Child, startChild } from "../../start/children.ts";
import { type KillableDatabase, startKillable } from "./database.ts";
import { startSmtpSink } from "./smtp_sink.ts";

export type Deployment = {
  apiUrl: string;
  telemetryUrl: string;
  telemetrySecret: string;
  /** Where recordings lie. */
  objects: EmbeddedObjects;
  database: KillableDatabase;
  dataDir: string;
  ask: KillableDatabase["ask"];
  /** What reached people: Message-ID and digest of every mail that was taken. */
  mails(): { id: string; digest: string }[];
  kill: Record<Fault, () => Promise<void>>;
  stop(): Promise<void>;
};

export const faults = ["server", "worker", "telemetry", "backend", "postmaster"] as const;
export type Fault = (typeof faults)[number];
type Process = "server" | "worker" | "telemetry";

/**
 * The real processes over a database that syncs to disk, as a supervisor would keep them: whoever is killed is
 * started again. Two workers, so that one goes on while the other is dead.
 */
export async function deploy({ worker = "tasks/main.ts" } = {}): Promise<Deployment> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-chaos-"));
  chmodSync(dataDir, 0o711); // the user of the database must get in
  const [databasePort = 0, apiPort = 0, pagePort = 0, objectsPort = 0, telemetryPort = 0] =
    await freePorts(5);
  const telemetrySecret = randomBytes(32).toString("hex");
  const database = await startKillable(path.join(dataDir, "postgres"), databasePort);
  const { urls, ask } = database;
  await seedDemo(urls.owner);
  const sink = await startSmtpSink();
  const env = {
    ...bareEnv,
    DATA_DIR: dataDir,
    SMTP_URL: sink.url,
    MAILBOX_PORT: String(pagePort),
    OBJECTS_PORT: String(objectsPort),
    PUBLIC_URL: `http://localhost:${apiPort}`,
    TELEMETRY_SECRET: telemetrySecret,
  };
  // The vendors stay up: what is killed is ours.
  const objects = await startObjects({ port: objectsPort, dataDir });
  const mailbox = await startMailbox({
    pagePort,
    folder: path.join(dataDir, "mailbox"),
    account: mailboxAccount(env),
  });

  const children = new Map<Process, Child[]>();
  const child = (kind: Process, n: number, file: string, own: NodeJS.ProcessEnv): Child => {
    const started = startChild({
      name: `The ${kind}`,
      file,
      env: { ...env, ...own },
      log: path.join(dataDir, "log", `${kind}-${n}.log`),
      onCrash: () => {},
    });
    children.set(kind, [...(children.get(kind) ?? []), started]);
    return started;
  };
  await Promise.all([
    child("server", 1, "server/main.ts", {
      PORT: String(apiPort),
      TRUST_PROXY: "1",
      AUTHENTICATOR_DATABASE_URL: urls.authenticator,
    }).ready,
    child("worker", 1, worker, { WORKER_DATABASE_URL: urls.worker }).ready,
    child("worker", 2, worker, { WORKER_DATABASE_URL: urls.worker }).ready,
    child("telemetry", 1, "telemetry/main.ts", {
      TELEMETRY_PORT: String(telemetryPort),
      TELEMETRY_DATABASE_URL: urls.telemetry,
    }).ready,
  ]);

  const killOne = (kind: Process) => {
    const living = (children.get(kind) ?? []).flatMap((one) => one.pid() ?? []);
    const pid = living[Math.floor(Math.random() * living.length)];
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  };

  return {
    apiUrl: `http://localhost:${apiPort}`,
    telemetryUrl: `http://localhost:${telemetryPort}`,
    telemetrySecret,
    objects,
    dataDir,
    database,
    ask,
    mails: sink.mails,
    kill: {
      server: async () => killOne("server"),
      worker: async () => killOne("worker"),
      telemetry: async () => killOne("telemetry"),
      backend: database.kill.backend,
      postmaster: database.kill.postmaster,
    },
    async stop() {
      await Promise.all([...children.values()].flat().map((one) => one.stop()));
      await database.stop();
      await Promise.all([sink.stop(), mailbox.stop(), objects.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
