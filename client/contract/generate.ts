import "../../server/graphile_env.ts";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { OperationProblems } from "./operations.ts";
import { ownFiles, renderFrontend } from "./written.ts";

/**
 * `npm run client` writes what is generated of the client and of its examples. With files,
 * `npm run client -- "src/**\/*.graphql" --out src/operations.ts`, it writes the typed operations of a frontend.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: "string", default: "operations.ts" },
      client: { type: "string", default: "@restartix/client" },
    },
  });
  const paths = [...new Set(positionals.flatMap((pattern) => globSync(pattern)))].sort();
  if (positionals.length > 0 && paths.length === 0) {
    process.stderr.write(`No file is named ${positionals.join(" ")}.\n`);
    return 1;
  }
  const files = paths.map((name) => ({ path: name, text: readFileSync(name, "utf8") }));
  try {
    const written =
      paths.length > 0
        ? [{ path: path.resolve(values.out), text: await renderFrontend(files, values.client) }]
        : await ownFiles();
    for (const file of written) {
      mkdirSync(path.dirname(file.path), { recursive: true });
      writeFileSync(file.path, file.text);
      process.stdout.write(`${path.relative(process.cwd(), file.path)}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof OperationProblems)) throw error;
    process.stderr.write(`${error.message}\nNothing was written.\n`);
    return 1;
  }
}

process.exitCode = await main();
