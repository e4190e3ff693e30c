import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../runtime/run_program.ts";
import { contentJsonSchema } from "./content_schema.ts";

export const formSchemaPath = join(import.meta.dirname, "..", "..", "docs", "form-content.schema.json");

if (import.meta.main) {
  await runProgram(async () =>
    writeFileSync(formSchemaPath, `${JSON.stringify(contentJsonSchema(), null, 2)}\n`),
  );
}
