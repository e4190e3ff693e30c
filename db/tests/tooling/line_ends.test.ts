// Starts processes: git itself writes the clone whose line ends are looked at.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { migrateDatabase } from "../../migrating/migrate.ts";
import { withClient } from "../../migrating/prepare.ts";
import { dbFolder, sourceFolders, sqlFiles } from "../../migrating/sources.ts";
import { uncommitted } from "../../migrating/stage.ts";
import { createTestDatabase } from "../../testing/server.ts";
import { temporaryFolder } from "./sample.ts";

// FND-36: a checkout with CRLF, by whatever git, editor or archive, holds the same migrations and the same sources.

function toCrlf(file: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).not.toContain("\r");
  writeFileSync(file, text.replaceAll("\n", "\r\n"));
}

test("FND-36: sources and committed migrations with CRLF differ from nothing", () => {
  const folder = temporaryFolder();
  for (const name of [...sourceFolders, "migrations"]) {
    cpSync(path.join(dbFolder, name), path.join(folder, name), { recursive: true });
  }
  const before = uncommitted(folder);
  for (const file of sqlFiles(folder)) toCrlf(file);
  expect(uncommitted(folder)).toEqual(before);
});

test("FND-36: a database that was migrated from LF is migrated on from CRLF, and no migration counts as changed", async () => {
  const folder = temporaryFolder();
  cpSync(path.join(dbFolder, "migrations"), path.join(folder, "migrations"), { recursive: true });
  for (const file of sqlFiles(path.join(folder, "migrations"))) toCrlf(file);
  const database = await createTestDatabase({
    because: "it is migrated again, out of other files",
    bare: true,
  });
  const ran = () =>
    withClient(database.urls.admin, async (client) => {
      const { rows } = await client.query(
        "select hash, filename from graphile_migrate.migrations order by 2",
      );
      return rows;
    });
  const before = await ran();
  // As on a machine that had not the last one yet: it runs from the file with CRLF, under the hash of the one with LF.
  await migrateDatabase(database.urls, { folder });
  expect(await ran()).toEqual(before);
  await database.drop();
});

test("FND-36: a clone by a git that is set to CRLF has LF", () => {
  const folder = temporaryFolder();
  const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { stdio: "pipe" });
  git("init", "-q");
  cpSync(path.join(dbFolder, "..", ".gitattributes"), path.join(folder, ".gitattributes"));
  mkdirSync(path.join(folder, "db"));
  writeFileSync(path.join(folder, "db", "a.sql"), "select 1;\nselect 2;\n");
  git("-c", "user.name=t", "-c", "user.email=t@t.test", "add", "-A");
  git("-c", "user.name=t", "-c", "user.email=t@t.test", "commit", "-qm", "one");
  const clone = temporaryFolder();
  execFileSync("git", ["clone", "-q", "-c", "core.autocrlf=true", folder, clone], { stdio: "pipe" });
  expect(readdirSync(clone)).toContain("db");
  expect(readFileSync(path.join(clone, "db", "a.sql"), "utf8")).toBe("select 1;\nselect 2;\n");
});
