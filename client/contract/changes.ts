import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "grafast/graphql";
import type { Change } from "./change.ts";
import type { Contract } from "./contract.ts";
import type { ErrorContract } from "./errors.ts";
import { httpChanges } from "./http_changes.ts";

const levels = {
  [CriticalityLevel.Breaking]: "breaking",
  [CriticalityLevel.Dangerous]: "risky",
  [CriticalityLevel.NonBreaking]: "harmless",
} as const;

/** Everything that changed from one contract to another, the worst first. Words for people are no contract. */
export async function changesBetween(before: Contract, after: Contract): Promise<Change[]> {
  const order = ["breaking", "risky", "harmless"];
  return [
    ...(await graphqlChanges(before.schema, after.schema)),
    ...httpChanges(before.http, after.http),
    ...errorChanges(before.errors, after.errors),
  ].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

async function graphqlChanges(before: string, after: string): Promise<Change[]> {
  if (before === after) return [];
  const asSchema = (text: string) => buildSchema(text, { assumeValid: true });
  return (await diff(asSchema(before), asSchema(after)))
    .filter(({ type }) => !type.includes("DESCRIPTION"))
    .map(({ criticality, path, message }) => ({
      level: levels[criticality.level],
      where: path ?? "schema",
      what: message,
    }));
}

/** Codes, reasons and details stay once they are published. */
function errorChanges(before: ErrorContract, after: ErrorContract): Change[] {
  const changes: Change[] = [];
  for (const [refusal, details] of Object.entries(before)) {
    const now = after[refusal];
    if (!now) {
      changes.push({ level: "breaking", where: refusal, what: `The refusal '${refusal}' was removed` });
      continue;
    }
    for (const [name, kind] of Object.entries(details)) {
      if (now[name] === kind || now[name] === kind.replace("?", "")) continue;
      const what = `The detail '${name}' of '${refusal}' was ${kind} and is ${now[name] ?? "no more"}`;
      changes.push({ level: "breaking", where: refusal, what });
    }
  }
  for (const refusal of Object.keys(after).filter((name) => !before[name]))
    changes.push({ level: "harmless", where: refusal, what: `The refusal '${refusal}' was added` });
  return changes;
}
