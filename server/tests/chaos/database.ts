import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { password } from "../../../db/connection/login_roles.ts";
import { type EmbeddedServer, startEmbedded } from "../../../db/embedded/server.ts";
import { migrateDatabase } from "../../../db/migrating/migrate.ts";
import { prepareDatabase, type RoleUrls } from "../../../db/migrating/prepare.ts";
import { ifBusy } from "../../../db/testing/busy.ts";
import { keptDatabase, keptServer } from "../../../db/testing/kept_server.ts";

/** A migrated database whose server is killed and started again, as a supervisor would. */
export type KillableDatabase = {
  urls: RoleUrls;
  /** As the superuser, a connection of its own for each question: the server may just have been killed. */
  ask<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  kill: Record<DatabaseFault, () => Promise<void>>;
  stop(): Promise<void>;
};

export type DatabaseFault = "connection" | "backend" | "postmaster";

export async function startKillable(
  dataDir: string,
  port: number,
  settings: Record<string, string> = {},
): Promise<KillableDatabase> {
  const passwords = {
    owner: password(),
    authenticator: password(),
    worker: password(),
    telemetry: password(),
  };
  const { data, password: admin } = await keptServer();
  const start = () => startEmbedded({ dataDir, port, password: admin, from: data, settings });
  let server: EmbeddedServer = await start();
  const urls = await prepareDatabase(server.adminUrl, { database: keptDatabase, passwords });
  await migrateDatabase(urls, { current: true });

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
  const others = `from pg_catalog.pg_stat_activity
    where datname = '${keptDatabase}' and backend_type = 'client backend' and pid <> pg_backend_pid()
    order by state = 'active' desc, random() limit 1`;

  return {
    urls,
    ask,
    kill: {
      // One connection ends in the middle of what it does; everybody else goes on.
      async connection() {
        await ask(`select pg_terminate_backend(pid) ${others}`);
      },
      async backend() {
        // A backend that is killed makes the postmaster end all others and recover.
        const [busy] = await ask<{ pid: number }>(`select pid ${others}`);
        if (busy) process.kill(busy.pid, "SIGKILL");
      },
      async postmaster() {
        process.kill(server.pid, "SIGKILL");
        await server.exited;
        server = await startAgain(start);
      },
    },
    stop: () => server.stop(),
  };
}

/** What a client meets while the server is away: no answer of the database to what it asked. */
export function isUnreachable({ code = "", message }: NodeJS.ErrnoException): boolean {
  return /^(ECONN|EPIPE|57P0|08)/.test(code) || /timeout expired|terminated|not queryable/.test(message);
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
