// Starts processes: npm start stays while the database is migrated.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withClient } from "../../../db/migrating/prepare.ts";
import { newPlace, processesOf, type Run, run, until } from "./support.ts";

// FND-36: who changes the schema while `npm start` runs finds it in the API, without starting everything again.
let place: Awaited<ReturnType<typeof newPlace>>;
let supervisor: Run;

beforeAll(async () => {
  place = await newPlace({ isMigrated: true });
  supervisor = run("server/start.ts", place.env);
  await supervisor.printed("Ctrl-C stops everything");
});

afterAll(async () => {
  supervisor.child.kill("SIGTERM");
  await supervisor.ended;
  await until(async () => processesOf(place.dataDir).length === 0, 30_000);
  place.remove();
});

async function fieldsOfService(): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${place.ports.api}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: '{ __type(name: "Service") { fields { name } } }' }),
  });
  const { data } = (await response.json()) as { data: { __type: { fields: { name: string }[] } } };
  return data.__type.fields.map(({ name }) => name);
}

test("FND-36: after npm run migrate the API knows a new column, and goes on under the same start", async () => {
  expect(await fieldsOfService()).not.toContain("colour");
  const { database } = JSON.parse(readFileSync(path.join(place.dataDir, "secrets.json"), "utf8"));
  const owner = `postgres://app_owner:${database.owner}@127.0.0.1:${place.ports.database}/restartix`;
  await withClient(owner, async (client) => {
    await client.query("alter table app_public.services add column colour text");
    await client.query("grant select (colour) on app_public.services to app_member");
  });
  const migrate = run("db/migrating/migrate.ts", place.env);
  expect(await migrate.ended).toBe(0);
  await supervisor.printed("the schema changed");
  expect(
    await until(async () => (await fieldsOfService().catch((): string[] => [])).includes("colour"), 60_000),
  ).toBe(true);
  expect(supervisor.output()).not.toContain("ended (");
});
