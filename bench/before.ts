import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { migrateDatabase } from "../db/migrating/migrate.ts";
import { prepareDatabase } from "../db/migrating/prepare.ts";
import { dbFolder } from "../db/migrating/sources.ts";
import { makeFolder } from "../runtime/folders.ts";
import { fillDatabase } from "./fixture.ts";
import { type Bench, open } from "./row.ts";

/** The last migration before groups, rooms, booking policies, series and the one gate came. */
const LAST = 42;

/**
 * The same clinics in a database of its own beside the other, as our own code was then: a committed migration holds all of it.
 * Ask through `connect`; `close` ends what was opened.
 */
export async function before(bench: Bench): Promise<{ then: Bench; close(): Promise<void> }> {
  const server = new URL(bench.urls.admin);
  server.pathname = "/postgres";
  const passwords = {
    owner: passwordOf(bench.urls.owner),
    authenticator: passwordOf(bench.urls.authenticator),
    worker: passwordOf(bench.urls.worker),
    telemetry: passwordOf(bench.urls.telemetry),
  };
  const urls = await prepareDatabase(server.href, { database: "bench_before", passwords });
  const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-before-"));
  try {
    const committed = path.join("migrations", "committed");
    makeFolder(path.join(folder, committed));
    for (const name of readdirSync(path.join(dbFolder, committed))) {
      if (Number.parseInt(name, 10) > LAST) continue;
      copyFileSync(path.join(dbFolder, committed, name), path.join(folder, committed, name));
    }
    await migrateDatabase(urls, { folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const admin = await open(urls.admin);
  const opened = [admin];
  const connect = async () => {
    const client = await open(urls.authenticator);
    opened.push(client);
    return client;
  };
  const then = { ...bench, urls, admin, connect, fixture: await fillDatabase(admin, bench.short) };
  return { then, close: async () => void (await Promise.all(opened.map((client) => client.end()))) };
}

function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password);
}
