import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { numberOf } from "../../connection/standing.ts";
import { dbFolder } from "../../migrating/sources.ts";

const folders = ["committed", "current"].map((name) => path.join(dbFolder, "migrations", name));
const source = path.join(dbFolder, "functions", "operations", "workers_from.sql");

/** Each migration with its text, in order; what is not committed yet has the number after the last. */
function migrations(): { number: number; text: string }[] {
  const read = (folder: string) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .sort()
      .map((name) => ({ name, text: readFileSync(path.join(folder, name), "utf8") }));
  const [committed = [], current = []] = folders.map(read);
  const numbered = committed.map(({ name, text }) => ({ number: numberOf(name), text }));
  const next = Math.max(...numbered.map(({ number }) => number)) + 1;
  return [...numbered, ...current.map(({ text }) => ({ number: next, text }))];
}

/** The last migration that dropped a function which workers could call before it: their arguments or what they answer changed. */
function lastOfWorkers(all: { number: number; text: string }[]): number {
  const called = new Set<string>();
  let last = 0;
  for (const { number, text } of all) {
    const dropped = [...text.matchAll(/^drop function (?:if exists )?([\w.]+)/gm)].map(
      ([, name = ""]) => name,
    );
    if (dropped.some((name) => called.has(name))) last = number;
    for (const [, name = "", roles = ""] of text.matchAll(
      /^grant execute on function ([\w.]+)(?:\([^)]*\))? to ([^;]*);/gm,
    ))
      if (/\bapp_worker\b/.test(roles)) called.add(name);
  }
  return last;
}

test("FND-28: workers_from() is the migration that last changed the arguments or the answer of what a worker calls", () => {
  const [, said] = /^return (\d+);/m.exec(readFileSync(source, "utf8")) ?? [];
  expect(Number(said)).toBe(lastOfWorkers(migrations()));
});

test("FND-28: what others call may change, and so may what workers could not call yet", () => {
  const grant = "grant execute on function app_hidden.claim to app_engine, app_worker;\n";
  const drop = "drop function if exists app_hidden.claim(int);\n";
  const other =
    "grant execute on function app_hidden.read to app_engine;\ndrop function app_hidden.read();\n";
  const numbered = (...texts: string[]) => texts.map((text, i) => ({ number: i + 1, text }));
  expect(lastOfWorkers(numbered(grant, other, drop, other))).toBe(3);
  expect(lastOfWorkers(numbered(drop + grant, other))).toBe(0);
});
