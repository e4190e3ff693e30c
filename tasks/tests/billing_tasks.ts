import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { tasks } from "../registry.ts";

/** Where the functions of billing stand. */
const areas = ["invoices", "metering", "payment_vendors", "payments", "subscriptions", "tax_office"];
const functions = path.join(import.meta.dirname, "..", "..", "db", "functions");

/** Every task that asks for a function of billing, by its name in the registry. */
export function billingTasks(): string[] {
  const ours = new Set(
    globSync(
      areas.map((area) => `${area}/*.sql`),
      { cwd: functions },
    ).flatMap((file) =>
      [
        ...readFileSync(path.join(functions, file), "utf8").matchAll(
          /create or replace function (\w+\.\w+)/g,
        ),
      ].map(([, name]) => name),
    ),
  );
  return Object.keys(tasks)
    .filter((task) => {
      const source = readFileSync(path.join(import.meta.dirname, "..", "definitions", `${task}.ts`), "utf8");
      return [...source.matchAll(/\b(app_(?:hidden|private)\.\w+)\(/g)].some(([, name]) => ours.has(name));
    })
    .sort();
}
