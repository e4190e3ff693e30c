import { afterAll, beforeAll, expect, test } from "vitest";
import { runPart } from "../../../migrating/current.ts";
import { withClient } from "../../../migrating/prepare.ts";
import { readSources } from "../../../migrating/sources.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "every source is run again as a migration does, and committed",
    bare: true,
  });
});
afterAll(() => database.drop());

/** What the migrations before have written is the reference rows that are audited. */
const entries = async (): Promise<{ all: number; sealed: number; last: string[] }> =>
  withClient(database.urls.admin, async (client) => {
    const { rows } = await client.query(
      `select count(*)::int as all, count(seals.id)::int as sealed,
         array_agg(action) filter (where sequence = (select max(sequence) from audit.seals)) as last
       from audit.entries left join audit.seals on seals.id = entries.seal_id`,
    );
    return rows[0];
  });

test("what a migration writes is sealed, although it runs every source again afterwards (FND-08, FND-09)", async () => {
  const before = await entries();
  await withClient(database.urls.owner, async (client) => {
    await client.query("begin");
    await client.query("set local role app_engine");
    await client.query(
      "select audit.append(null, 'test', 'app_public.organizations', 'toys', null, null, null, null)",
    );
    await client.query("reset role");
    for (const { name, text } of readSources()) {
      await runPart(client, { file: name, sql: text });
      await client.query("reset role");
    }
    await client.query("commit");
  });
  // A source that writes a row anew which is as it was would be heard here.
  expect(await entries()).toEqual({ all: before.all + 1, sealed: before.all + 1, last: ["test"] });
});
