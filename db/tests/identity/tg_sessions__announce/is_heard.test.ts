import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";
import { ask, furnish } from "../../at_once.ts";

let database: TestDatabase;
let server: pg.Client;
beforeEach(async () => {
  database = await createTestDatabase({ because: "a notice is heard after the commit, by another session" });
  server = new pg.Client(database.urls.authenticator);
  await server.connect();
});
afterEach(async () => {
  await server.end();
  await database.drop();
});

test("who listens hears which session and whose account is over, by id alone (FND-03)", async () => {
  const heard: unknown[] = [];
  server.on("notification", ({ channel, payload }) => heard.push([channel, JSON.parse(payload ?? "")]));
  await server.query("listen sessions");
  await furnish(database, "select tests.person('ana')");
  const ana = await ask(database, "select principal_id from app_public.humans");

  await ask(database, "select app_hidden.end_session('sess_1')");
  await ask(database, "select app_hidden.end_identity('https://tests', 'ana')");
  await server.query("select"); // what was sent before it has arrived
  expect(heard).toEqual([
    ["sessions", { sessionId: "sess_1", principalId: null }],
    ["sessions", { sessionId: null, principalId: ana }], // of the sign-in and of the account: alike, so one
  ]);
});
