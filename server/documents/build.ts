import "../graphile_env.ts";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { collectDocuments } from "./collect.ts";

/**
 * `npm run documents -- "src/**\/*.graphql"`: writes documents.json, the list of what a frontend may ask in
 * production (FND-27). The server reads it from TRUSTED_DOCUMENTS, the frontend finds its ids in it.
 * Anything wrong is told by file and line, and then nothing is written.
 */
function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: "string", default: "documents.json" },
      schema: { type: "string", default: join(import.meta.dirname, "..", "schema.graphql") },
    },
  });
  const paths = [...new Set(positionals.flatMap((pattern) => globSync(pattern)))].sort();
  if (paths.length === 0) {
    const asked = positionals.length === 0 ? "Name the files" : `No file is named ${positionals.join(" ")}`;
    process.stderr.write(`${asked}: npm run documents -- "src/**/*.graphql" [--out documents.json]\n`);
    return 1;
  }

  const files = paths.map((path) => ({ path, text: readFileSync(path, "utf8") }));
  const { documents, problems } = collectDocuments(readFileSync(values.schema, "utf8"), files);
  if (problems.length > 0) {
    process.stderr.write(`${problems.join("\n")}\nNothing was written.\n`);
    return 1;
  }
  writeFileSync(values.out, `${JSON.stringify(documents, null, 2)}\n`);
  process.stdout.write(`${values.out}: ${Object.keys(documents).length} documents\n`);
  return 0;
}

process.exitCode = main();
