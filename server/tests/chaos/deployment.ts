import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { password } from "../../../db/connection/login_roles.ts";
import { type EmbeddedServer, startEmbedded } from "../../../db/embedded/server.ts";
import { migrateDatabase } from "../../../db/migrating/migrate.ts";
import { prepareDatabase, type RoleUrls } from "../../../db/migrating/prepare.ts";
import { seedDemo } from "../../../db/seed/demo.ts";
import { bareEnv } from "../../../db/testing/bare_env.ts";
import { ifBusy } from "../../../db/testing/busy.ts";
import { keptDatabase, keptServer } from "../../../db/testing/kept_server.ts";
import { mailboxAccount } from "../../../providers/mailbox/account.ts";
import { startMailbox } from "../../../providers/mailbox/index.ts";
import { startObjects } from "../../../providers/storage/embedded/index.ts";
import { type Child, startChild } from "../../start/children.ts";
import { startSmtpSink } from "./smtp_sink.ts";

export type Deployment = {
  apiUrl: string;
  dataDir: string;
  /** As the superuser, a connection of its own for each question: the server may just have been killed. */
  ask<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** What reached people: Message-ID and digest of every mail that was taken. */
  mails(): { id: string; digest: string }[];
  kill: Record<Fault, () => Promise<void>>;
  stop(): Promise<void>;
};

export const faults = ["server", "worker", "backend", "postmaster"] as const;
export type Fault = (typeof faults)[number];

/**
 * The real processes over a database that syncs to disk, as a supervisor would keep them: whoever is killed is
 * started again. Two workers, so that one goes on while the other is dead.
 */
export async function deploy({ worker = "tasks/main.ts" } = {}): Promise<Deployment> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-chaos-"));
  chmodSync(dataDir, 0o711); // the user of the database must get in
  const [databasePort = 0, apiPort = 0, pagePort = 0, objectsPort = 0] = await freePorts(4);
  const databaseDir = path.join(dataDir, "postgres");
  const passwords = {
    owner: password(),
    authenticator: password(),
    worker: password(),
    telemetry: password(),
  };
  const { data, password: admin } = await keptServer();
  const startDatabase = () =>
    startEmbedded({ dataDir: databaseDir, port: databasePort, password: admin, from: data });

  let database: EmbeddedServer = await startDatabase();
  const urls: RoleUrls = await prepareDatabase(database.adminUrl, { database: keptDatabase, passwords });
  await migrateDatabase(urls);
  await seedDemo(urls.owner);
  const sink = await startSmtpSink();
  const env = {
    ...bareEnv,
    DATA_DIR: dataDir,
    SMTP_URL: sink.url,
    MAILBOX_PORT: String(pagePort),
    OBJECTS_PORT: String(objectsPort),
    PUBLIC_URL: `http://localhost:${apiPort}`,
  };
  // The vendors stay up: what is killed is ours.
  const objects = await startObjects({ port: objectsPort, dataDir });
  const mailbox = await startMailbox({
    pagePort,
    folder: path.join(dataDir, "mailbox"),
    account: mailboxAccount(env),
  });

  const children = new Map<"server" | "worker", Child[]>();
  const child = (kind: "server" | "worker", n: number, file: string, own: NodeJS.ProcessEnv): Child => {
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
  ]);

  const askOnce = async <Row>(sql: string, values: unknown[]): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: urls.admin, connectionTimeoutMillis: 2_000 });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query(sql, values)).rows as Row[];
    } finally {
      await client.end().catch(() => {});
    }
  };
  // The server may be recovering from what was done to it.
  const ask = async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> => {
    for (const deadline = Date.now() + ifBusy(20_000); ; await sleep(100)) {
      try {
        return await askOnce<Row>(sql, values);
      } catch (error) {
        if (Date.now() > deadline || !isUnreachable(error as NodeJS.ErrnoException)) throw error;
      }
    }
  };
  const killOne = (kind: "server" | "worker") => {
    const living = (children.get(kind) ?? []).flatMap((one) => one.pid() ?? []);
    const pid = living[Math.floor(Math.random() * living.length)];
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  };

  return {
    apiUrl: `http://localhost:${apiPort}`,
    dataDir,
    ask,
    mails: sink.mails,
    kill: {
      server: async () => killOne("server"),
      worker: async () => killOne("worker"),
      async backend() {
        // A backend that is killed makes the postmaster end all others and recover.
        const [busy] = await ask<{ pid: number }>(
          `select pid from pg_catalog.pg_stat_activity
           where datname = 'restartix' and pid <> pg_backend_pid() order by random() limit 1`,
        );
        if (busy) process.kill(busy.pid, "SIGKILL");
      },
      async postmaster() {
        process.kill(database.pid, "SIGKILL");
        await database.exited;
        database = await startAgain(startDatabase);
      },
    },
    async stop() {
      await Promise.all([...children.values()].flat().map((one) => one.stop()));
      await database.stop();
      await Promise.all([sink.stop(), mailbox.stop(), objects.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function isUnreachable({ code = "", message }: NodeJS.ErrnoException): boolean {
  return /^(ECONN|57P0)/.test(code) || /timeout expired|terminated/.test(message);
}

/** The backends of a killed postmaster need a moment to notice; until then its memory is in use. */
async function startAgain(start: () => Promise<EmbeddedServer>): Promise<EmbeddedServer> {
  for (const deadline = Date.now() + 20_000; ; await sleep(100)) {
    try {
      return await start();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
