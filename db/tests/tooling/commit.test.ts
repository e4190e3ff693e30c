import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { commit } from "../../migrating/commit.ts";
import { runCurrent } from "../../migrating/current.ts";
import { migrateDatabase } from "../../migrating/migrate.ts";
import { prepareDatabase, withClient, withDatabase } from "../../migrating/prepare.ts";
import { uncommitted } from "../../migrating/stage.ts";
import { uncommit, uncommitWith } from "../../migrating/uncommit.ts";
import { testServer } from "../../testing/server.ts";
import { sampleDb, schemas, sqlFunction, write } from "./sample.ts";

/** Commits with databases on the test server, which is quicker than a server of their own. */
async function commitHere(message: string, folder: string): Promise<void> {
  const server = await testServer();
  const name = `tooling_${randomBytes(4).toString("hex")}`;
  const prepared = async (suffix: string) => {
    const options = { database: `${name}_${suffix}`, passwords: server.passwords };
    return (await prepareDatabase(server.adminUrl, options)).owner;
  };
  const [trial, committed] = [await prepared("trial"), await prepared("committed")];
  const databases = {
    trial,
    committed,
    shadow: withDatabase(trial, `${name}_shadow`),
    root: server.adminUrl,
  };
  await commit(message, { folder, databases }).finally(() =>
    withClient(server.adminUrl, async (client) => {
      for (const suffix of ["trial", "committed", "shadow"]) {
        await client.query(`drop database if exists ${name}_${suffix} with (force)`);
      }
    }),
  );
}

/** A migrated database of a sample's own on the test server. */
async function database(name: string, folder: string) {
  const server = await testServer();
  const urls = await prepareDatabase(server.adminUrl, { database: name, passwords: server.passwords });
  await migrateDatabase(urls, { folder, current: true });
  const call = (sql: string) =>
    withClient(urls.owner, async (client) => Object.values((await client.query(sql)).rows[0])[0]);
  const drop = () =>
    withClient(server.adminUrl, (client) => client.query(`drop database ${name} with (force)`)).then(
      () => {},
    );
  return { urls, call, drop };
}

test("a commit freezes what changed and nothing else, and a database follows", async () => {
  const folder = sampleDb({
    "migrations/current/001-schemas.sql": schemas,
    "functions/a/greet.sql": sqlFunction("greet", "app_public.whom()"),
    "functions/z/whom.sql": sqlFunction("whom", "'you'"),
  });
  await commit("the first", { folder }); // on a server of its own, as npm run db:commit does
  expect(uncommitted(folder)).toEqual([]);
  expect(readdirSync(path.join(folder, "migrations/current"))).toEqual([]);

  write(folder, "functions/z/whom.sql", sqlFunction("whom", "'all'"));
  expect(uncommitted(folder)).toEqual(["db/functions/z/whom.sql is not in a committed migration."]);
  const { call, drop } = await database("tooling_commit", folder);
  expect(await call("select app_public.greet()")).toBe("all");
  await commitHere("greet all", folder);
  expect(readdirSync(path.join(folder, "migrations/committed"))).toEqual([
    "000001-the-first.sql",
    "000002-greet-all.sql",
  ]);
  const second = readFileSync(path.join(folder, "migrations/committed/000002-greet-all.sql"), "utf8");
  expect(second).toContain("-- source: functions/z/whom.sql");
  expect(second).not.toContain("greet.sql");
  await drop();

  const fresh = await database("tooling_commit", folder);
  expect(await fresh.call("select app_public.greet()")).toBe("all");
  await fresh.drop();
});

test("an error in a source is told by its own file and line, and nothing is committed", async () => {
  const folder = sampleDb({
    "migrations/current/001-schemas.sql": schemas,
    "functions/a/good.sql": sqlFunction("good", "'good'"),
    "functions/b/bad.sql": sqlFunction("bad", "nope"),
  });
  await expect(commitHere("it fails", folder)).rejects.toThrow(
    /^db\/functions\/b\/bad\.sql:6: 42703 column "nope" does not exist/,
  );
  expect(readdirSync(path.join(folder, "migrations/committed"))).toEqual([]);
  expect(readdirSync(path.join(folder, "migrations/current"))).toEqual([
    "001-schemas.sql",
    "900-sources.sql",
  ]);
});

test("what the linter refuses is refused before it is frozen, by its file and line", async () => {
  const folder = sampleDb({
    "migrations/current/001-schemas.sql": schemas,
    "migrations/current/010-required.sql":
      "alter table app_public.people\n  add column name text not null;\n",
  });
  await expect(commitHere("refused", folder)).rejects.toThrow(
    /migrations\/current\/010-required\.sql:1:\d+: warning: adding-required-field/,
  );
  expect(existsSync(path.join(folder, "migrations/committed"))).toBe(false);
});

test("the last commit can be taken back, and committed again to the same bytes", async () => {
  const table = "drop table if exists app_public.rooms; -- squawk-ignore ban-drop-table\n";
  const folder = sampleDb({
    "migrations/current/001-schemas.sql": schemas,
    "functions/a/greet.sql": sqlFunction("greet", "'hello'"),
  });
  await commitHere("the first", folder);
  write(folder, "migrations/current/010-rooms.sql", `-- Rooms.\n${table}create table app_public.rooms ();\n`);
  write(folder, "functions/a/greet.sql", sqlFunction("greet", "'good day'"));
  await commitHere("rooms", folder);
  const file = path.join(folder, "migrations/committed/000002-rooms.sql");
  const frozen = readFileSync(file, "utf8");

  expect(uncommit(folder)).toEqual({
    file: "000002-rooms.sql",
    hash: /Hash: (\S+)/.exec(frozen)?.[1],
  });
  expect(uncommitted(folder)).toEqual([
    "db/functions/a/greet.sql is not in a committed migration.",
    "db/migrations/current/010-rooms.sql is not committed.",
  ]);
  expect(() => uncommit(folder)).toThrow("db/migrations/current/010-rooms.sql is not committed");
  await commitHere("rooms", folder);
  expect(readFileSync(file, "utf8")).toBe(frozen);
});

test("a database that ran what is taken back goes on with what is current", async () => {
  const folder = sampleDb({
    "migrations/current/001-schemas.sql": schemas,
    "functions/a/greet.sql": sqlFunction("greet", "'hello'"),
  });
  await commitHere("the first", folder);
  write(folder, "functions/a/greet.sql", sqlFunction("greet", "'good day'"));
  await commitHere("the second", folder);
  const { urls, call, drop } = await database("tooling_uncommit", folder);
  expect(await uncommitWith(urls.owner, folder)).toBe("000002-the-second.sql");
  write(folder, "functions/a/greet.sql", sqlFunction("greet", "'good evening'"));
  await migrateDatabase(urls, { folder, current: true });
  expect(await call("select app_public.greet()")).toBe("good evening");
  await drop();
});

test("a database that never ran a migration has nothing to forget", async () => {
  const folder = sampleDb({ "migrations/current/001-schemas.sql": schemas });
  await commitHere("the first", folder);
  const server = await testServer();
  const name = `tooling_${randomBytes(4).toString("hex")}`;
  const urls = await prepareDatabase(server.adminUrl, { database: name, passwords: server.passwords });
  expect(await uncommitWith(urls.owner, folder)).toBe("000001-the-first.sql");
  expect(readdirSync(path.join(folder, "migrations/current"))).toEqual(["001-schemas.sql"]);
  await withClient(server.adminUrl, (client) => client.query(`drop database ${name} with (force)`));
});

test("with nothing to commit it says so", async () => {
  await expect(commitHere("nothing", sampleDb({}))).rejects.toThrow("There is nothing to commit");
});

test("engine functions and the files after them each have the right owner", async () => {
  const folder = sampleDb({
    "migrations/current/001-schemas.sql": schemas,
    "functions/a/engine.sql": `set role app_engine;\n${sqlFunction("engine", "'engine'")}`,
    "functions/b/plain.sql": sqlFunction("plain", "'plain'"),
  });
  const { call, drop } = await database("tooling_owners", folder);
  const owners =
    "select string_agg(proname || ' ' || proowner::regrole, ', ' order by proname) from pg_proc where pronamespace = 'app_public'::regnamespace";
  expect(await call(owners)).toBe("engine app_engine, plain app_owner");
  await drop();
});

test("the current migration runs when it changed, in one transaction, and not otherwise", async () => {
  const folder = sampleDb({
    "migrations/current/001-schemas.sql": schemas,
    "functions/a/greet.sql": sqlFunction("greet", "'hello'"),
  });
  const { urls, call, drop } = await database("tooling_current", folder);
  expect(await runCurrent(urls.owner, folder)).toEqual([]);

  write(folder, "functions/a/greet.sql", sqlFunction("greet", "'good day'"));
  write(
    folder,
    "migrations/current/010-broken.sql",
    "\n\nalter table app_public.nothing add column x int;\n",
  );
  await expect(runCurrent(urls.owner, folder)).rejects.toThrow(
    /^db\/migrations\/current\/010-broken\.sql:3: 42P01/,
  );
  expect(await call("select app_public.greet()")).toBe("hello");

  write(folder, "migrations/current/010-broken.sql", "create table app_public.something ();\n");
  expect(await runCurrent(urls.owner, folder)).toEqual([
    "migrations/current/001-schemas.sql",
    "migrations/current/010-broken.sql",
    "functions/a/greet.sql",
  ]);
  expect(await call("select app_public.greet()")).toBe("good day");
  await drop();
});

test("a committed migration that was edited afterwards is refused", async () => {
  const folder = sampleDb({ "migrations/current/001-schemas.sql": schemas });
  await commitHere("the first", folder);
  const file = "migrations/committed/000001-the-first.sql";
  const text = readFileSync(path.join(folder, file), "utf8");
  rmSync(path.join(folder, file)); // it is read-only
  write(folder, file, text.replace("usage, create", "usage"));
  await expect(database("tooling_edited", folder)).rejects.toThrow(/does not match/);
});
