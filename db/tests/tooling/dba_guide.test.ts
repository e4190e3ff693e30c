import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Block, blocksOf, shown } from "../../../docs/guides/blocks.ts";
import { runCurrent } from "../../migrating/current.ts";
import { lintCurrent } from "../../migrating/lint.ts";
import { withClient } from "../../migrating/prepare.ts";
import { dbFolder, sourceFolders, sqlFiles } from "../../migrating/sources.ts";
import { seedDemo } from "../../seed/demo.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { readTap } from "../../testing/tap.ts";

// FND-36: docs/guides/dba.md is done as it stands, block by block, on a copy of the sources and of the demo.

let folder: string;
let database: TestDatabase;
/** Whether something was written that the database does not have yet. */
let isBehind = false;

beforeAll(async () => {
  folder = path.join(mkdtempSync(path.join(os.tmpdir(), "restartix-guide-")), "db");
  for (const name of [...sourceFolders, "migrations"])
    cpSync(path.join(dbFolder, name), path.join(folder, name), { recursive: true });
  database = await createTestDatabase({ because: "the guide for DBAs changes its tables, and commits" });
  await seedDemo(database.urls.owner);
});
afterAll(async () => {
  await database.drop();
  rmSync(path.dirname(folder), { recursive: true });
});

/** As `npm run db:watch` does when something was saved. */
async function apply(): Promise<void> {
  if (!isBehind) return;
  await runCurrent(database.urls.owner, folder);
  isBehind = false;
}

/** What psql shows of the last statement. */
async function answer(sql: string): Promise<string> {
  const answered = await withClient(database.urls.admin, (client) =>
    client.query<unknown[]>({ text: sql, rowMode: "array" }),
  );
  const last: pg.QueryResult<unknown[]> = [answered].flat().at(-1) as pg.QueryResult<unknown[]>;
  return last.rows.map((row) => `${row.map(String).join(" | ")}\n`).join("");
}

async function prove(sql: string): Promise<ReturnType<typeof readTap>> {
  const client = new pg.Client(database.urls.admin);
  await client.connect();
  try {
    const results = [await client.query<unknown[]>({ text: sql, rowMode: "array" })].flat();
    const lines = results.flatMap(({ rows }) => rows.map(([value]) => value));
    return readTap(lines.flatMap((line) => (typeof line === "string" ? line.split("\n") : [])));
  } finally {
    await client.end();
  }
}

function fileOf(tag: string): string {
  expect(tag).toMatch(/^db\/(functions|policies|reference|migrations\/current)\/[\w/-]+\.sql$/);
  return path.join(folder, tag.slice("db/".length));
}

/** Lines with `-` are there, and become those with `+` that follow. */
function patch(file: string, text: string): void {
  let content = readFileSync(file, "utf8");
  for (const [, from = "", to = ""] of text.matchAll(/((?:^-.*\n)+)((?:^\+.*\n)+)/gm)) {
    const [before, after] = [from, to].map((lines) => lines.replace(/^[-+]/gm, "")) as [string, string];
    expect(content).toContain(before);
    content = content.replace(before, () => after);
  }
  writeFileSync(file, content);
}

const does: Record<string, (block: Block, expected: string) => Promise<void>> = {
  async ask({ text }, expected) {
    await apply();
    expect(await answer(text), text).toMatch(shown(expected));
  },
  async refused({ text }, expected) {
    await apply();
    const refusal = await answer(text).then(
      () => "nothing was refused",
      (error: Error & { detail?: string }) =>
        `${error.message} ${error.detail}\n`.replaceAll("\n", " ").concat("\n"),
    );
    expect(refusal, text).toMatch(shown(expected));
  },
  async remove({ text }) {
    await lints();
    for (const [, file = ""] of text.matchAll(/(db\/\S+\.sql)/g)) rmSync(fileOf(file));
    isBehind = true;
  },
};

/** Squawk over what is written by hand, and the lints of the catalog over what came of everything. */
async function lints(): Promise<void> {
  lintCurrent(folder);
  const found: string[] = [];
  for (const file of sqlFiles(path.join(dbFolder, "tests", "lint"))) {
    const { problems } = await prove(readFileSync(file, "utf8"));
    found.push(...problems.map((problem) => `${path.basename(file)}: ${problem}`));
  }
  expect(found).toEqual([]);
}

test("FND-36: what the guide for DBAs tells works as it stands, and the lints find nothing to say", async () => {
  const blocks = blocksOf("dba.md");
  for (const [i, block] of blocks.entries()) {
    const { kind, tag, text } = block;
    const next = blocks[i + 1];
    const expected = next?.kind === "text" ? next.text : "";
    if (kind === "text") continue;
    if (does[tag]) await does[tag](block, expected);
    else if (kind === "diff") {
      patch(fileOf(tag), text);
      isBehind = true;
    } else if (tag.startsWith("db/tests/helpers/")) {
      await answer(text);
    } else if (tag.startsWith("db/tests/")) {
      await apply();
      expect(await prove(text), tag).toMatchObject({ failed: 0, problems: [] });
    } else {
      mkdirSync(path.dirname(fileOf(tag)), { recursive: true });
      writeFileSync(fileOf(tag), text);
      isBehind = true;
    }
  }
});
