// Starts processes: npm start is run as a newcomer runs it, with a server of their own.
import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { roleUrls, withClient, withDatabase } from "../../../db/migrating/prepare.ts";
import { ifBusy } from "../../../db/testing/busy.ts";
import { testServer } from "../../../db/testing/server.ts";
import { newPlace, npm, processesOf, run, until } from "./support.ts";

// FND-30: the same start against a PostgreSQL server that somebody else runs, by environment variables alone.

let place: Awaited<ReturnType<typeof newPlace>>;

beforeAll(async () => {
  place = await newPlace();
  const { adminUrl, passwords } = await testServer();
  // The roles have passwords already, which the other tests of this run need: so they are given.
  const urls = roleUrls(withDatabase(adminUrl, "restartix"), { passwords });
  Object.assign(place.env, {
    DATABASE_URL: withDatabase(adminUrl, "postgres"),
    OWNER_DATABASE_URL: urls.owner,
    AUTHENTICATOR_DATABASE_URL: urls.authenticator,
    WORKER_DATABASE_URL: urls.worker,
    TELEMETRY_DATABASE_URL: urls.telemetry,
  });
});

afterAll(() => place.remove());

test("FND-30: with DATABASE_URL the demo lives on that server, in a database of its own, until a reset drops it", {
  timeout: ifBusy(60_000),
}, async () => {
  const supervisor = npm(["start"], place.env);
  try {
    await supervisor.printed("Ctrl-C stops everything");
    const response = await fetch(`http://localhost:${place.ports.api}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: `{ clinicBySlug(slug: "kineto-move") { name } }` }),
    });
    expect(await response.json()).toEqual({ data: { clinicBySlug: { name: "Kineto Move" } } });
    expect(existsSync(path.join(place.dataDir, "postgres"))).toBe(false);
  } finally {
    supervisor.child.kill("SIGTERM");
  }
  // npm ends before us when its shell dies of the signal; what counts is that all of us end.
  await supervisor.ended;
  await until(async () => processesOf(place.dataDir).length === 0);

  const reset = run("server/start/reset.ts", place.env, { args: ["--yes"] });
  expect([await reset.ended, reset.output()]).toEqual([
    0,
    expect.stringMatching(/^Dropped the database restartix on /),
  ]);
  const left = await withClient(place.env.DATABASE_URL as string, (client) =>
    client.query("select from pg_database where datname = 'restartix'"),
  );
  expect(left.rowCount).toBe(0);
});
