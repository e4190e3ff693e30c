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

test("what a migration writes is sealed, although it runs every source again afterwards (FND-08, FND-09)", async () => {
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
  const { rows } = await withClient(database.urls.admin, (client) =>
    client.query(
      "select count(*)::int as entries, count(seals.id)::int as sealed from audit.entries left join audit.seals on seals.id = entries.seal_id",
    ),
  );
  expect(rows).toEqual([{ entries: 1, sealed: 1 }]);
});
