import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { DocumentFile } from "../../server/documents/collect.ts";
import { schemaPath } from "./contract.ts";
import { renderErrorTypes } from "./errors.ts";
import { renderHttp } from "./http_types.ts";
import { renderOperations } from "./operations.ts";
import { rememberedMutations } from "./remembered.ts";

const client = path.join(import.meta.dirname, "..");
const examples = path.join(client, "examples");
const pages = path.join(client, "..", "web", "documents");

/** The operations of the examples, as files of a frontend. */
export function exampleFiles(): DocumentFile[] {
  return filesIn(examples);
}

function filesIn(folder: string): DocumentFile[] {
  return globSync("**/*.graphql", { cwd: folder })
    .map((name) => name.split(path.sep).join("/"))
    .sort()
    .map((name) => ({ path: name, text: readFileSync(path.join(folder, name), "utf8") }));
}

/** The typed operations of a frontend, against the contract as it stands. */
export function renderFrontend(files: readonly DocumentFile[], clientModule: string): Promise<string> {
  const schemaText = readFileSync(schemaPath, "utf8");
  return renderOperations({ schemaText, files, remembered: rememberedMutations(), clientModule });
}

/** Everything of the client that a program writes, as it has to be now. */
export async function ownFiles(): Promise<{ path: string; text: string }[]> {
  return [
    { path: path.join(client, "generated", "errors.ts"), text: renderErrorTypes() },
    { path: path.join(client, "generated", "http.ts"), text: renderHttp() },
    {
      path: path.join(examples, "generated", "operations.ts"),
      text: await renderFrontend(exampleFiles(), "../../index.ts"),
    },
    {
      path: path.join(pages, "generated", "operations.ts"),
      text: await renderFrontend(filesIn(pages), "../../../client/index.ts"),
    },
  ];
}
