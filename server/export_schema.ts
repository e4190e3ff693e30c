import "./graphile_env.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lexicographicSortSchema, printSchema } from "grafast/graphql";
import pg from "pg";
import { makeSchema } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { createTestDatabase, startTestServer } from "../db/testing/server.ts";
import { readText } from "../runtime/line_ends.ts";
import { runProgram } from "../runtime/run_program.ts";
import { schemaPreset } from "./graphile.config.ts";

export const schemaPath = join(import.meta.dirname, "schema.graphql");

/** The GraphQL contract as text (FND-29), sorted, so that its diff shows what changed and nothing else. */
export async function renderSchema(authenticatorUrl: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: authenticatorUrl, max: 2 });
  try {
    const { schema } = await makeSchema({
      extends: [schemaPreset],
      pgServices: [makePgService({ pool, schemas: ["app_public"], pubsub: false })],
    });
    return `${printSchema(lexicographicSortSchema(schema))}\n`;
  } finally {
    await pool.end();
  }
}

/** `npm run schema` writes server/schema.graphql from a freshly migrated database; `-- --check` compares. */
async function main(): Promise<void> {
  const { stop } = process.env.RESTARTIX_TEST_SERVER ? { stop: async () => {} } : await startTestServer();
  try {
    const database = await createTestDatabase({
      because: "the schema is made of it, as migrations left it",
      bare: true,
    });
    const rendered = await renderSchema(database.urls.authenticator);
    await database.drop();
    if (!process.argv.includes("--check")) writeFileSync(schemaPath, rendered);
    else if (rendered !== readText(schemaPath)) {
      process.stderr.write(
        "server/schema.graphql is not current: run npm run schema and review the difference.\n",
      );
      process.exitCode = 1;
    }
  } finally {
    await stop();
  }
}

if (import.meta.main) await runProgram(main);
