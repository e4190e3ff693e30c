import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { dbFolder } from "../../migrating/sources.ts";

/** A db folder holding these files (paths relative to it), removed after the test. */
export function sampleDb(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) write(folder, name, text);
  mkdirSync(path.join(folder, "migrations", "current"), { recursive: true });
  for (const name of ["roles.sql", "database.sql", "extensions.sql"]) {
    copyFileSync(path.join(dbFolder, "migrations", name), path.join(folder, "migrations", name));
  }
  return folder;
}

export function write(folder: string, name: string, text: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** An empty folder that anybody may enter, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "restartix-tooling-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The smallest migration that sources can stand on. */
export const schemas = `
drop schema if exists app_public cascade;
create schema app_public;
grant usage, create on schema app_public to app_engine;
`;

export function sqlFunction(name: string, body: string, header = ""): string {
  return `-- ${name}, for a test.
${header}
create or replace function app_public.${name}() returns text
language sql stable
set search_path = ''
return ${body};
`;
}
