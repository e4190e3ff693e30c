import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { disagreements, kinds, observe, strangers } from "./decisions.ts";
import { readDecided, strayFiles } from "./files.ts";

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase({
    because: "the matrix tries every statement on rows that are committed",
    furniture: "two clinics",
  });
  client = new pg.Client({ connectionString: database.urls.admin });
  await client.connect();
  await client.query("begin");
  await client.query("savepoint furnished");
});

beforeEach(() => client.query("rollback to furnished"));

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

async function disagreementsNow(kind: (typeof kinds)[number], onlyTable?: string): Promise<string[]> {
  return disagreements(kind, readDecided(kind).lines, await observe(client, kind, onlyTable), onlyTable);
}

describe("who may do what, tried on the rows of two clinics", () => {
  test("everybody sees, inserts, changes and deletes exactly what was decided and nothing else (FND-05, FND-07, FND-10, SPC-05)", async () => {
    expect(await disagreementsNow("decisions")).toEqual([]);
  });

  test("every role has a grant on exactly the columns that were decided and no other (FND-05, SPC-05)", async () => {
    expect(await disagreementsNow("grants")).toEqual([]);
  });

  test("every function can be called by exactly the roles that were decided and no other (FND-05)", async () => {
    expect(await disagreementsNow("functions")).toEqual([]);
  });
});

describe("what was decided", () => {
  test("stands in one line each, in the file of its area, and speaks of nobody unknown (FND-05)", async () => {
    expect(strayFiles()).toEqual([]);
    for (const kind of kinds) {
      const { lines, problems } = readDecided(kind);
      expect(problems).toEqual([]);
      expect(await strangers(client, kind, lines)).toEqual([]);
    }
  });

  test("is refused where a line names a persona or a role that nobody asks about (FND-05)", async () => {
    const line = {
      subject: "audit.entries",
      who: ["owner olga", "ownr olga"],
      says: "atlas,denied,denied,denied",
    };
    expect(await strangers(client, "decisions", [line])).toEqual([
      'audit.entries: nobody is called "ownr olga".',
    ]);
    const grant = { subject: "audit.entries", who: ["app_membr"], says: "-,-,-,-" };
    expect(await strangers(client, "grants", [grant])).toEqual([
      'audit.entries: nobody is called "app_membr".',
    ]);
  });
});

describe("the matrix itself", () => {
  test("refuses a table that nobody decided on, and one that the fixture leaves empty (FND-05)", async () => {
    await client.query("create table app_public.toys (id uuid primary key, organization_id uuid)");
    expect(await disagreementsNow("decisions", "app_public.toys")).toEqual([
      expect.stringContaining("app_public.toys: nobody decided yet"),
    ]);
    await expect(client.query("select tests.require_furnished()")).rejects.toThrow(
      "the fixture has no row of app_public.toys for atlas, app_public.toys for boreal",
    );
  });

  test("notices a policy that shows one row too many, and a grant that is not there any more (FND-05)", async () => {
    await client.query(
      "create policy patients_select_leak on app_public.patients for select to app_member using (true)",
    );
    const leak = await disagreementsNow("decisions", "app_public.patients");
    expect(leak).toContainEqual(
      expect.stringMatching(/^app_public.patients patient bogdan: .* found "everything,/),
    );

    await client.query("revoke select on app_public.patients from app_member");
    const closed = await disagreementsNow("decisions", "app_public.patients");
    expect(closed).toContainEqual(
      expect.stringMatching(/^app_public.patients patient bogdan: .* found "denied,/),
    );
    expect(await disagreementsNow("grants", "app_public.patients")).not.toEqual([]);
  });

  test("notices an update that a column grant opens, and a function that PUBLIC may call (FND-05)", async () => {
    await client.query("grant update (deleted_at) on app_public.patients to app_member");
    expect(await disagreementsNow("grants", "app_public.patients")).toContainEqual(
      expect.stringContaining("app_public.patients app_member: decided"),
    );
    await client.query("grant execute on function app_private.require_permission(uuid, text) to public");
    expect(await disagreementsNow("functions")).toContainEqual(
      expect.stringContaining("app_private.require_permission(uuid,text): decided"),
    );
  });
});
