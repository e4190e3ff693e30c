import path from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readText } from "../../../runtime/line_ends.ts";
import { runPart, sourceParts } from "../../migrating/current.ts";
import { phoneRegionsFile } from "../../migrating/phone_numbers.ts";
import { withClient } from "../../migrating/prepare.ts";
import { literal, rowText } from "../../migrating/row_text.ts";
import { dbFolder, holdsRows, readSources } from "../../migrating/sources.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";

/** A database of its own: as the migrator, who is the one to write the rows. */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "the migrator writes its rows, which no SQL test may",
    bare: true,
  });
});
afterAll(() => database.drop());

const files = readSources().filter(holdsRows);

/** What is done in a transaction that leaves nothing behind. */
function undone<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClient(database.urls.owner, async (client) => {
    await client.query("begin");
    return use(client).finally(() => client.query("rollback"));
  });
}

const owned = async (client: pg.Client, where = "true"): Promise<string[]> => {
  const { rows } = await client.query(
    `select table_name || ' ' || scope as part from app_private.owned_rows where ${where} order by 1`,
  );
  return rows.map(({ part }) => part);
};

describe("FND-05: the rows that the product owns", () => {
  test("each part of a table is one file's, and what the database says is owned are the files' parts", async () => {
    const { all, byFile } = await undone(async (client) => {
      const all = await owned(client);
      const byFile = new Map<string, string>();
      for (const { name, text } of files) {
        await runPart(client, { file: name, sql: text });
        for (const part of await owned(client, "pending is not null")) {
          expect(byFile.get(part), `${part} is in ${name} and in another file`).toBeUndefined();
          byFile.set(part, name);
        }
        await client.query("update app_private.owned_rows set pending = null");
      }
      return { all, byFile };
    });
    expect([...byFile.keys()].sort()).toEqual(all.sort());
    expect(all.length).toBeGreaterThan(60);
  });

  test("said again, they change nothing: no row is written, nothing is audited", async () => {
    await undone(async (client) => {
      const { rows: tables } = await client.query(
        "select distinct table_name from app_private.owned_rows order by 1",
      );
      const versions = async () => {
        const found: Record<string, string[]> = {};
        for (const { table_name } of tables) {
          const { rows } = await client.query(
            `select ctid || ' ' || xmin || ' ' || to_jsonb(r)::text as row from ${table_name} as r order by 1`,
          );
          found[table_name] = rows.map(({ row }) => row);
        }
        return found;
      };
      const before = await versions();
      expect(Object.values(before).every((rows) => rows.length > 0)).toBe(true);
      for (const part of sourceParts(files)) await runPart(client, part);
      expect(await versions()).toEqual(before);
    });
  });

  test("a row that somebody changed behind its file's back is as the file says when that is said again", async () => {
    await undone(async (client) => {
      await client.query("update app_public.permissions set description = 'x' where name = 'audit.view'");
      await client.query("update app_private.retentions set description = 'x' where key = 'operations'");
      await client.query("update app_public.platform_service_providers set is_offered = not is_offered");
      const offered = "select provider, is_offered from app_public.platform_service_providers order by 1, 2";
      const { rows: chosen } = await client.query(offered);
      await client.query(
        "update app_private.retentions set held_because = 'The court asks for it.' where key = 'operations'",
      );
      for (const part of sourceParts(files)) await runPart(client, part);

      const { rows } = await client.query(
        "select description from app_public.permissions where name = 'audit.view'",
      );
      expect(rows).toEqual([{ description: "Read the clinic's audit log" }]);
      expect((await client.query(offered)).rows).toEqual(chosen); // the platform's choice, not the file's
      const held = await client.query(
        "select held_because from app_private.retentions where key = 'operations'",
      );
      expect(held.rows).toEqual([{ held_because: "The court asks for it." }]);
    });
  });
});

test("FND-07: the file of numbering plans is what the installed library says", () => {
  expect(readText(path.join(dbFolder, "reference", "facts", "phone_regions.sql"))).toBe(phoneRegionsFile());
});

describe("rows as text", () => {
  test("an aligned table, its quotes doubled", () => {
    const rows = [
      { name: "a", says: "it's" },
      { name: "long one", says: null },
    ];
    expect(rowText(["name", "says"], rows)).toBe(
      `'\n  name     | says\n  ---------+-----\n  a        | it''s\n  long one |\n'`,
    );
  });

  test.each([["two\nlines"], ["a | b"], ["| a"], ["a |"], [" a"], ["a "]])(
    "refuses %j, which would be read otherwise",
    (cell) => {
      expect(() => rowText(["name"], [{ name: cell }])).toThrow("This stands in no table");
    },
  );

  test("what is written is read back as it was", async () => {
    const rows = [
      { name: "(?:a|b)||c", says: "it's '' \\1" },
      { name: "", says: "x".repeat(80) },
      { name: "ș", says: "" },
    ];
    const { rows: read } = await undone((client) =>
      client.query(
        `select app_private.rows_in(${rowText(["name", "says"], rows)}) as rows, ${literal("it's")} as text`,
      ),
    );
    expect(read).toEqual([{ rows, text: "it's" }]);
  });
});
