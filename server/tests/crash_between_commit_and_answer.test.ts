// Starts processes: the API is killed between commit and answer.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bareEnv } from "../../db/testing/bare_env.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import type { Json } from "./support.ts";

/**
 * A line to the database that can be watched: when armed, it keeps back the first order to commit, or the
 * first word that it is done, and says so. What the server does not hear then is what a crash would cost it.
 */
type Line = { url: string; arm(what: "order" | "word"): Promise<void>; close(): void };

let database: TestDatabase;
let admin: pg.Client;
let line: Line;
let dataDir: string;
let calendar: string;
let starts: string[];
const running = new Set<ChildProcess>();
/** Another process, which is asked again when the one that was asked is gone. */
let other: string;

beforeAll(async () => {
  database = await createTestDatabase({ because: "servers that are killed commit in it or do not" });
  admin = new pg.Client(database.urls.admin);
  await admin.connect();
  await admin.query(`
    select tests.clinic('atlas');
    select tests.specialist('ana', weekly => '{"mon": [["08:00", "20:00"]]}');
    select tests.calendar('days', specialists => '{ana}', minutes => 30)`);
  ({ calendar } = (await admin.query("select id as calendar from app_public.calendars")).rows[0]);
  starts = (
    await admin.query(
      "select to_json(starts_at) #>> '{}' as at from app_public.available_slots($1, now() + interval '2 days', now() + interval '20 days')",
      [calendar],
    )
  ).rows.map(({ at }) => at);
  line = await watchedLine(database.urls.authenticator);
  dataDir = mkdtempSync(join(tmpdir(), "restartix-crash-"));
  other = (await startProcess(database.urls.authenticator)).url;
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  line.close();
  await admin.end();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function watchedLine(url: string): Promise<Line> {
  const target = new URL(url);
  let armed: { what: "order" | "word"; seen(): void } | null = null;
  const keepsBack = (what: "order" | "word", chunk: Buffer): boolean => {
    const found = what === "order" ? /\bcommit\0/i : /COMMIT\0/;
    if (armed?.what !== what || !found.test(chunk.toString("latin1"))) return false;
    armed.seen();
    armed = null;
    return true;
  };
  const server: Server = createServer((client) => {
    const backend = connect(Number(target.port), target.hostname);
    client.on("data", (chunk) => keepsBack("order", chunk) || backend.write(chunk));
    backend.on("data", (chunk) => keepsBack("word", chunk) || client.write(chunk));
    for (const [one, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    arm: (what) =>
      new Promise((seen) => {
        armed = { what, seen };
      }),
    close: () => server.close(),
  };
}

/** The server as a process of its own, and where it answers. */
async function startProcess(databaseUrl: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "..", "main.ts")], {
    env: {
      ...bareEnv,
      AUTHENTICATOR_DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      PORT: String(await freePort()),
      LOG_LEVEL: "silent",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const [told] = await once(child.stdout as NodeJS.ReadableStream, "data");
  return { child, url: String(told).match(/http:\S+(?=\/graphql)/)?.[0] ?? "" };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const post = (url: string, path: string, body: object, idempotencyKey: string) =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-visitor-id": "visitor-1",
      "idempotency-key": idempotencyKey,
    },
    body: JSON.stringify(body),
  }).then((response) => response.json() as Promise<Json>);

/** Waits for the line, and not for ever where the server had an answer before it (a busy machine may get 503). */
const orAnswered = (seen: Promise<void>, lost: Promise<Json>): Promise<void> =>
  Promise.race([
    seen,
    lost.then((answer) => {
      throw new Error(`answered before the commit: ${JSON.stringify(answer)}`);
    }),
  ]);

const count = async (table: string): Promise<number> =>
  (await admin.query(`select count(*)::int from ${table}`)).rows[0].count;

const doors = {
  "a hold over HTTP": {
    path: "/v1/public/holds",
    table: "app_private.time_claims",
    body: async () => ({ calendar, startsAt: starts.shift() }),
    token: (answer: Json) => answer.token,
  },
  "a booking request over GraphQL": {
    path: "/graphql",
    table: "app_public.booking_requests",
    async body() {
      const { rows } = await admin.query("select (app_public.hold_slot($1, $2)).token", [
        calendar,
        starts.shift(),
      ]);
      return {
        query:
          "mutation ($input: RequestBookingInput!) { requestBooking(input: $input) { bookingReceipt { bookingRequestId token status } } }",
        variables: {
          input: {
            holdToken: rows[0].token,
            givenName: "Ioana",
            familyName: "Țepeș",
            email: "ioana.tepes@example.org",
            phone: "0722 123 456",
          },
        },
      };
    },
    token: (answer: Json) => answer.data?.requestBooking?.bookingReceipt?.token,
  },
};

test.each(Object.entries(doors))(
  "%s that was committed when the server was killed is answered when it is asked again, and done once (FND-26)",
  async (name, door) => {
    const server = await startProcess(line.url);
    const body = await door.body();
    const before = await count(door.table);
    const committed = line.arm("word");
    const lost = post(server.url, door.path, body, name.replaceAll(" ", "-")).catch((error: Error) => error);
    await orAnswered(committed, lost);
    server.child.kill("SIGKILL");
    expect(await lost).toBeInstanceOf(Error);
    expect(await count(door.table)).toBe(before + 1);

    const answer = await post(other, door.path, body, name.replaceAll(" ", "-"));
    const again = await post(other, door.path, body, name.replaceAll(" ", "-"));
    expect(door.token(answer)).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toEqual(answer);
    expect(await count(door.table)).toBe(before + 1);
  },
  60_000,
);

test("a hold that was not committed when the server was killed left nothing, and asking again makes it (FND-26)", async () => {
  const door = doors["a hold over HTTP"];
  const server = await startProcess(line.url);
  const body = await door.body();
  const before = await count(door.table);
  const remembered = await count("app_private.remembered_mutations");
  const ordered = line.arm("order");
  const lost = post(server.url, door.path, body, "before-commit").catch((error: Error) => error);
  await orAnswered(ordered, lost);
  server.child.kill("SIGKILL");
  expect(await lost).toBeInstanceOf(Error);

  const answer = await post(other, door.path, body, "before-commit");
  expect(door.token(answer)).toMatch(/^[0-9a-f]{32}$/);
  expect(await count(door.table)).toBe(before + 1);
  expect(await count("app_private.remembered_mutations")).toBe(remembered + 1);
});
