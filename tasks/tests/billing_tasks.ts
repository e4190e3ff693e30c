import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { tasks } from "../registry.ts";
import type { Moment } from "./dying_biller.ts";

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

/** Statements that wait for nobody: a worker cannot be caught while one of them goes on. */
const neverWait = new Set([
  "app_hidden.record_tax_message",
  "app_hidden.warn_of_tax_deadlines",
  "app_private.record_event_delivered",
]);
/** When a worker can die of a statement. */
export const momentsOf = (at: string): Moment[] =>
  neverWait.has(at) ? ["before", "after"] : ["before", "during", "after"];
