import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { seededRandom } from "../../../db/seed/random.ts";
import { propertyRuns } from "../../../db/testing/property.ts";
import { createTestDatabase, type TestDatabase } from "../../../db/testing/server.ts";
import { judge } from "../../../db/tests/forms/form_problems/independent.ts";
import { randomAnswers, randomItems } from "../../../db/tests/forms/form_problems/templates.ts";
import { readText } from "../../../runtime/line_ends.ts";
import { contentJsonSchema, contentSchema } from "../content_schema.ts";
import { formSchemaPath } from "../document.ts";

const template = (items: unknown) => ({ format: 1, title: { ro: "Formular" }, items });

describe("FRM-02: the language of templates as JSON Schema", () => {
  it("is what docs/form-content.schema.json says", () => {
    expect(JSON.parse(readText(formSchemaPath))).toEqual(contentJsonSchema());
  });

  it("takes what the database takes", () => {
    const { numRuns, seed } = propertyRuns(200);
    const random = seededRandom(seed);
    for (let run = 0; run < numRuns; run++) {
      const content = template(randomItems(random));
      expect(contentSchema.safeParse(content).error, JSON.stringify(content)).toBeUndefined();
    }
  });

  it("refuses shapes that the database refuses", () => {
    const item = (more: object) => template([{ key: "a", type: "text", label: { ro: "A" }, ...more }]);
    for (const content of [
      { ...item({}), format: 2 },
      template([]),
      item({ pattern: "(a+)+$" }),
      item({ type: "html" }),
      item({ key: "A" }),
      item({ label: { de: "A" } }),
      item({ label: {} }),
      item({ type: "scale", min: 0 }),
      item({ type: "choice", options: [] }),
      item({ visible_if: { all: [], any: [] } }),
      item({ visible_if: { field: "b", op: "matches", value: "^a" } }),
      item({ profile_field: "birth_date" }),
    ]) {
      expect(contentSchema.safeParse(content).success, JSON.stringify(content)).toBe(false);
    }
  });
});

describe("FRM-04: the answers of a form as JSON Schema", () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase({ because: "schemas of many forms are asked over one connection" });
    client = new pg.Client(database.urls.admin);
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it("take every complete form that the database takes", async () => {
    const { numRuns, seed } = propertyRuns(300);
    const random = seededRandom(seed);
    const cases = Array.from({ length: numRuns }, () => {
      const items = randomItems(random);
      return { items, ...judge(items, randomAnswers(random, items), true) };
    }).filter(({ problems }) => problems.length === 0);
    expect(cases.length).toBeGreaterThan(numRuns / 20);

    const { rows } = await client.query(
      "select app_hidden.answers_schema(items) as schema from unnest($1::jsonb[]) with ordinality as asked (items, place) order by place",
      [cases.map(({ items }) => JSON.stringify(items))],
    );
    for (const [place, { items, kept }] of cases.entries()) {
      const schema = z.fromJSONSchema(rows[place].schema);
      expect(schema.safeParse(kept).error, JSON.stringify({ items, kept })).toBeUndefined();
      expect(schema.safeParse({ ...kept, nobody_asked: 1 }).success).toBe(false);
    }
  });
});
