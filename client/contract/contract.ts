import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type ErrorContract, errorContract } from "./errors.ts";
import { type HttpContract, httpContract } from "./http_types.ts";

const root = path.join(import.meta.dirname, "..", "..");
const released = path.join(root, "client", "released");
export const schemaPath = path.join(root, "server", "schema.graphql");
const packagePath = path.join(root, "client", "package.json");
export const changelogPath = path.join(root, "client", "CHANGELOG.md");

/** What a frontend is built against. */
export type Contract = { version: string; schema: string; http: HttpContract; errors: ErrorContract };

const read = (file: string): string => readFileSync(file, "utf8").replaceAll("\r\n", "\n");

/** The contract as it stands; its version is the client's. */
export function presentContract(): Contract {
  const { version } = JSON.parse(read(packagePath)) as { version: string };
  return { version, schema: read(schemaPath), http: httpContract(), errors: errorContract() };
}

/** The contract as it was released, which frontends may stand on. */
export function releasedContract(): Contract {
  const json = (name: string): unknown => JSON.parse(read(path.join(released, name)));
  return {
    version: (json("version.json") as { version: string }).version,
    schema: read(path.join(released, "schema.graphql")),
    http: json("http.json") as HttpContract,
    errors: json("errors.json") as ErrorContract,
  };
}

export function readChangelog(): string {
  return read(changelogPath);
}

/** Makes the contract the released one. */
export function writeRelease({ version, schema, http, errors }: Contract): void {
  const json = (name: string, value: unknown): void =>
    writeFileSync(path.join(released, name), `${JSON.stringify(value, null, 2)}\n`);
  json("version.json", { version });
  writeFileSync(path.join(released, "schema.graphql"), schema);
  json("http.json", http);
  json("errors.json", errors);
  const manifest = read(packagePath);
  writeFileSync(packagePath, manifest.replace(/"version": "[^"]+"/, `"version": "${version}"`));
}
