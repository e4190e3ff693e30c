import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { withClient } from "../../migrating/prepare.ts";
import { dbFolder } from "../../migrating/sources.ts";
import { createTestDatabase } from "../../testing/server.ts";
import { filesWithOwnProcess, longFiles, ownProcess, vitestFiles } from "../../testing/vitest_files.ts";

test("a test database is its own: what is written in one is not in another, nor in the next", async () => {
  const [one, other] = await Promise.all([
    createTestDatabase({ because: "it is what is tested" }),
    createTestDatabase({ because: "it is what is tested" }),
  ]);
  await withClient(one.urls.owner, (client) => client.query("create table public.mark ()"));
  const found = (url: string) =>
    withClient(
      url,
      async (client) => (await client.query("select to_regclass('public.mark') as mark")).rows[0].mark,
    );
  expect(await found(one.urls.admin)).toBe("mark");
  expect(await found(other.urls.admin)).toBeNull();
  await one.drop();

  const next = await createTestDatabase({ because: "it is made after the other was dropped" });
  expect(await found(next.urls.admin)).toBeNull();
  await Promise.all([other.drop(), next.drop()]);
  await expect(found(one.urls.admin)).rejects.toThrow(/does not exist/);
});

test("it has pgTAP and graphile-worker, and a bare one has no test code", async () => {
  const [full, bare] = await Promise.all([
    createTestDatabase({ because: "it is what is tested" }),
    createTestDatabase({ because: "it is what is tested", bare: true }),
  ]);
  const has = (url: string) =>
    withClient(url, async (client) => {
      const { rows } = await client.query(
        "select to_regproc('public.throws_ok') is not null or to_regnamespace('tests') is not null as tap, to_regnamespace('graphile_worker') is not null as jobs",
      );
      return rows[0];
    });
  expect(await has(full.urls.admin)).toEqual({ tap: true, jobs: true });
  expect(await has(bare.urls.admin)).toEqual({ tap: false, jobs: true });
  await withClient(full.urls.owner, (client) => client.query("select graphile_worker.add_job('sample')"));
  await Promise.all([full.drop(), bare.drop()]);
});

test("rights on the database itself are those of production", async () => {
  const database = await createTestDatabase({ because: "its rights are compared with those of production" });
  await expect(
    withClient(database.urls.authenticator, (client) => client.query("create temporary table t ()")),
  ).rejects.toThrow(/permission denied/);
  await database.drop();
});

test("nobody takes one without saying why", async () => {
  for (const because of ["", " ", "needed", "a database"])
    await expect(createTestDatabase({ because })).rejects.toThrow(/say because of what/);
});

test("a test file that has a process of its own says why in a sentence, and what is known to take long is there", () => {
  const firstLine = (name: string) =>
    readFileSync(path.join(dbFolder, "..", name), "utf8").split("\n", 1)[0] ?? "";
  const files = vitestFiles();
  expect(files.length).toBeGreaterThan(150);
  expect(longFiles.filter((name) => !files.includes(name))).toEqual([]);

  const alone = filesWithOwnProcess(files);
  expect(alone).not.toEqual([]);
  expect(alone.filter((name) => !/^.{10,}\.$/.test(firstLine(name).slice(ownProcess.length)))).toEqual([]);
  const almost = files.filter((name) => /^\W*a process of its own/i.test(firstLine(name)));
  expect(almost).toEqual(alone);
});

test("a property is tried on the same cases every time", () => {
  const random = vitestFiles().filter((file) => {
    const text = readFileSync(path.join(dbFolder, "..", file), "utf8");
    return /\bfc\.(?:assert|sample)\(/.test(text) && !text.includes("propertyRuns(");
  });
  expect(random).toEqual([]);
});
