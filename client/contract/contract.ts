import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Change } from "./change.ts";
import { type ErrorContract, errorContract } from "./errors.ts";
import { type HttpContract, httpContract } from "./http_types.ts";
import { nextVersion, sectionOf, unmarked } from "./version.ts";

const root = path.join(import.meta.dirname, "..", "..");
export const clientFolder = path.join(root, "client");
export const schemaPath = path.join(root, "server", "schema.graphql");

/** What a frontend is built against. */
export type Contract = { version: string; schema: string; http: HttpContract; errors: ErrorContract };

const read = (...file: string[]): string => readFileSync(path.join(...file), "utf8").replaceAll("\r\n", "\n");

/** The contract as it stands; its version is the client's. */
export function presentContract(): Contract {
  const { version } = JSON.parse(read(clientFolder, "package.json")) as { version: string };
  return { version, schema: read(schemaPath), http: httpContract(), errors: errorContract() };
}

/** The contract as it was released, which frontends may stand on. */
export function releasedContract(folder = clientFolder): Contract {
  const json = (name: string): unknown => JSON.parse(read(folder, "released", name));
  return {
    version: (json("version.json") as { version: string }).version,
    schema: read(folder, "released", "schema.graphql"),
    http: json("http.json") as HttpContract,
    errors: json("errors.json") as ErrorContract,
  };
}

export function readChangelog(folder = clientFolder): string {
  return read(folder, "CHANGELOG.md");
}

/** Makes what stands now the released contract, and writes into the changelog what it says nothing of yet. Answers
 * with its version; null where something breaks and is not marked. */
export function release(present: Contract, changes: readonly Change[], folder = clientFolder): string | null {
  const released = releasedContract(folder).version;
  const changelog = readChangelog(folder);
  if (unmarked(changes, { released, present: present.version, changelog }).length > 0) return null;
  const version = nextVersion({ released, present: present.version }, changes);

  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  const json = (name: string, value: unknown): void =>
    write(path.join("released", name), `${JSON.stringify(value, null, 2)}\n`);
  json("version.json", { version });
  json("http.json", present.http);
  json("errors.json", present.errors);
  write(path.join("released", "schema.graphql"), present.schema);
  write(
    "package.json",
    read(folder, "package.json").replace(/"version": "[^"]+"/, `"version": "${version}"`),
  );
  if (sectionOf(changelog, version) === null)
    write("CHANGELOG.md", changelog.replace(/^## /m, `## ${version}\n\n${summary(changes)}\n\n## `));
  return version;
}

/** What a frontend can ask that it could not before, and what it may have to look at. */
function summary(changes: readonly Change[]): string {
  const isAsked = ({ where }: Change): boolean => /^((Query|Mutation|Subscription)\.)?[a-z]\w*$/.test(where);
  const lines = changes.filter((change) => change.level === "risky" || isAsked(change));
  const rest = changes.length - lines.length;
  return [
    ...lines.map(({ what }) => `- ${what}`),
    ...(rest > 0 ? [`- ${rest} more, which \`git diff client/released\` shows`] : []),
  ].join("\n");
}
