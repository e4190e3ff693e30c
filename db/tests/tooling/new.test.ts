import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseCrontab } from "graphile-worker";
import { expect, test } from "vitest";
import { runPart } from "../../migrating/current.ts";
import { writeNew } from "../../migrating/new.ts";
import { withClient } from "../../migrating/prepare.ts";
import { createTestDatabase } from "../../testing/server.ts";
import { temporaryFolder } from "./sample.ts";
import { styleProblems } from "./source_style.ts";

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");

/** What is written as sources, as db/migrating reads them. */
const sourcesOf = (folder: string, written: string[]) =>
  written
    .filter((file) => /^db\/(functions|policies)\//.test(file))
    .map((file) => ({ name: file.slice("db/".length), text: read(folder, file).trim() }));

test("a new table stands closed and is red only where somebody has to decide", async () => {
  const folder = temporaryFolder();
  const { written } = writeNew(["table", "scheduling", "rooms"], folder);
  expect(written).toEqual([
    "db/migrations/current/010-rooms.sql",
    "db/policies/scheduling/rooms.sql",
    "db/tests/helpers/fixtures/scheduling.sql",
    "db/tests/scheduling/rooms/who_may_do_what.test.sql",
  ]);
  expect(sourcesOf(folder, written).flatMap(styleProblems)).toEqual([]);

  const database = await createTestDatabase({ because: "a new table is made and committed in it" });
  await withClient(database.urls.owner, async (client) => {
    for (const file of written.filter((one) => !one.includes("/tests/")))
      await runPart(client, { file, sql: read(folder, file) });
  });
  await withClient(database.urls.admin, async (client) => {
    await client.query(read(folder, "db/tests/helpers/fixtures/scheduling.sql"));
    const { rows } = await client.query<{ found: string }>(
      "select r.name || ': ' || l.object as found from tests.lint_rules() as r (name), tests.lint(r.name) l where l.object ~ 'rooms'",
    );
    expect(rows.map(({ found }) => found)).toEqual(["growth: app_public.rooms"]);
    const { rows: rights } = await client.query(
      "select grantee::regrole::text as role, privilege_type as right from pg_class, aclexplode(relacl) where relname = 'rooms' and grantee <> relowner",
    );
    expect(rights).toEqual([
      { role: "app_engine", right: "SELECT" },
      { role: "app_member", right: "SELECT" },
    ]);
    const results = (await client.query(read(folder, written.at(-1) ?? ""))) as unknown as {
      rows: object[];
    }[];
    const lines = results.flatMap(({ rows }) => rows.flatMap((row) => Object.values(row))).join("\n");
    expect(lines).toMatch(/^ok 1 - /m);
    expect(lines).toMatch(/^not ok 2 - TO DECIDE/m);
  });
  await database.drop();
});

test.each([
  ["verb", "db/functions/scheduling/close_room.sql"],
  ["task", "db/functions/scheduling/close_room.sql"],
])("a new %s is a function of the engine with a test that fails", async (kind, source) => {
  const folder = temporaryFolder();
  const { written } = writeNew([kind, "scheduling", "close_room"], folder);
  expect(written).toContain(source);
  expect(sourcesOf(folder, written).flatMap(styleProblems)).toEqual([]);

  const database = await createTestDatabase({ because: "a new function is made and committed in it" });
  await withClient(database.urls.owner, (client) =>
    runPart(client, { file: source, sql: read(folder, source) }),
  );
  await withClient(database.urls.admin, async (client) => {
    const { rows } = await client.query(
      "select proowner::regrole::text as owner, prosecdef as definer from pg_proc where proname = 'close_room'",
    );
    expect(rows).toEqual([{ owner: "app_engine", definer: true }]);
    const proof = written.find((file) => file.endsWith(".test.sql")) ?? "";
    const outcome = await client.query(read(folder, proof)).then(
      (results) => JSON.stringify(results),
      (error: Error) => error.message,
    );
    expect(outcome).toMatch(/not ok|refuse|permission/);
  });
  await database.drop();
});

test("a new task is where the worker looks for it, and no worker starts until somebody says when it is due", () => {
  const folder = temporaryFolder();
  writeNew(["task", "scheduling", "close_room"], folder);
  const task = read(folder, "tasks/definitions/close_room.ts");
  const at = /clock: \{ at: "([^"]+)" \}/.exec(task)?.[1];
  expect(() => parseCrontab(`${at} close_room`)).toThrow();
});

test("an area that has fixtures keeps them, numbers go on, and nothing is overwritten", () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, "db/tests/helpers/fixtures"), { recursive: true });
  writeFileSync(path.join(folder, "db/tests/helpers/fixtures/030-scheduling.sql"), "-- as it was\n");
  mkdirSync(path.join(folder, "db/migrations/current"), { recursive: true });
  writeFileSync(path.join(folder, "db/migrations/current/010-beds.sql"), "");
  const { written, next } = writeNew(["table", "scheduling", "rooms"], folder);
  expect(written[0]).toBe("db/migrations/current/020-rooms.sql");
  expect(written.some((file) => file.includes("fixtures"))).toBe(false);
  expect(next.join("\n")).toContain("db/tests/helpers/fixtures/030-scheduling.sql");
  expect(() => writeNew(["table", "scheduling", "rooms"], folder)).toThrow("is there already");
});

test.each([
  [["table"]],
  [["table", "scheduling", "Rooms"]],
  [["room", "scheduling", "rooms"]],
  [["table", "../x", "rooms"]],
])("%j is answered with how it is used", (words) =>
  expect(() => writeNew(words, temporaryFolder())).toThrow("npm run db:new -- table <area> <name>"),
);
