import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A refusal as the sources write it: which code, which reason, and where. */
export type WrittenRefusal = {
  code: string;
  reason: string;
  file: string;
  /** The names of its details; null where they are not written beside it. */
  details: string[] | null;
};

const inTypeScript: { folder: string; ending?: string; pattern: RegExp; code?: Record<string, string> }[] = [
  { folder: ".", pattern: /\bnew Refusal\(\s*"(\w+)",\s*"(\w+)"/g },
  {
    folder: "server",
    pattern: /\b(unauthenticated|invalid|conflict)\(\s*"(\w+)"/g,
    code: { unauthenticated: "UNAUTHENTICATED", invalid: "VALIDATION", conflict: "CONFLICT" },
  },
  // Tables that translate what others say: `[/^No values/, "NOT_FOUND", "not_found"]`, `"22P02": "value_not_readable"`.
  { folder: "server/errors", pattern: /\/i?,\s*"([A-Z_]+)",\s*"(\w+)",?\s*\]/g },
  { folder: "server/errors", pattern: /"(22)\w{3}":\s*"(\w+)"/g, code: { 22: "VALIDATION" } },
  {
    folder: "server/identity",
    pattern: /"(token-)[\w-]+":\s*"(\w+)"/g,
    code: { "token-": "UNAUTHENTICATED" },
  },

  {
    folder: "server/identity",
    ending: "claims.ts",
    pattern: /\b(missing|wrong): "(\w+)"/g,
    code: { missing: "UNAUTHENTICATED", wrong: "UNAUTHENTICATED" },
  },
  // What a vendor's delivery is refused for, which server/http/webhooks.ts gives its code.
  {
    folder: "providers/webhooks",
    pattern: /\bWebhookRefused\((")(body_malformed)"/g,
    code: { '"': "VALIDATION" },
  },
  {
    folder: "providers/webhooks",
    pattern: /\bWebhookRefused\(.*?(")(?!body_malformed)(\w+)"/g,
    code: { '"': "UNAUTHENTICATED" },
  },
];

/** Every refusal in the sources. */
export function writtenRefusals(): WrittenRefusal[] {
  const sql = ["db/functions", "db/policies"].flatMap((folder) =>
    sourcesIn(folder, ".sql").flatMap((file) =>
      refusalsInSql(readFileSync(join(root, file), "utf8")).map((refusal) => ({ ...refusal, file })),
    ),
  );
  const ts = inTypeScript.flatMap(({ folder, ending = ".ts", pattern, code }) =>
    sourcesIn(folder, ending).flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      return [...text.matchAll(pattern)].map(({ 0: all, 1: first = "", 2: reason = "", index }) => ({
        code: code ? (code[first] ?? first) : first,
        reason,
        file,
        details: all.startsWith("new Refusal") ? detailsInTypeScript(text.slice(index + all.length)) : null,
      }));
    }),
  );
  return [...sql, ...ts];
}

const elsewhere =
  /(^|[\\/])(node_modules|tests|\.\w[^\\/]*|migrations|snapshot|bench|errors[\\/](sources|document)\.ts)([\\/]|$)/;

function sourcesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = relative(root, join(entry.parentPath, entry.name));
      if (elsewhere.test(path)) return [];
      return entry.isDirectory() ? sourcesIn(path, ending) : entry.name.endsWith(ending) ? [path] : [];
    })
    .sort();
}

/** The calls of app_hidden.refuse in a source: each code and reason that they can raise. */
export function refusalsInSql(text: string): Omit<WrittenRefusal, "file">[] {
  return [...text.matchAll(/app_hidden\.refuse\(/g)].flatMap(({ 0: call, index }) => {
    const [code = "", reason = "", details = "'{}'"] = argumentsFrom(text, index + call.length);
    const names = detailsInSql(details, text);
    return quotedIn(code).flatMap((one) =>
      reasonsOf(reason, text.slice(0, index)).map((other) => ({ code: one, reason: other, details: names })),
    );
  });
}

/** A word, the branches of a case, or a variable that was found to be `in (…)` before. */
function reasonsOf(argument: string, before: string): string[] {
  if (argument.startsWith("case ")) {
    return [...argument.matchAll(/\b(?:then|else) '(\w+)'/g)].map(([, reason = ""]) => reason);
  }
  if (!/^\w+$/.test(argument)) return quotedIn(argument);
  const [, list = ""] = [...before.matchAll(new RegExp(`\\b${argument} in \\(([^)]*)\\)`, "g"))].at(-1) ?? [];
  return list ? quotedIn(list) : [`${argument}?`];
}

function quotedIn(text: string): string[] {
  return [...text.matchAll(/'(\w+)'/g)].map(([, word = ""]) => word);
}

function detailsInSql(argument: string, text: string): string[] | null {
  if (/^\w+$/.test(argument)) {
    const [found] = [...text.matchAll(new RegExp(`\\b${argument} jsonb := `, "g"))];
    if (!found) return null;
    const value = text.slice(found.index + found[0].length);
    return detailsInSql(value.slice(0, value.indexOf(";")), text);
  }
  const json = /^'(\{.*\})'$/s.exec(argument)?.[1];
  if (json) return Object.keys(JSON.parse(json));
  const build = "jsonb_build_object(";
  if (!argument.startsWith(build)) return null;
  const keys = argumentsFrom(argument, build.length).filter((_, place) => place % 2 === 0);
  // What is joined to the object belongs to some of the refusals only.
  return /\)\s+\|\|/.test(argument) ? null : keys.flatMap(quotedIn);
}

/** What stands between the brackets, apart by the commas that stand in no quote or bracket. */
function argumentsFrom(text: string, start: number): string[] {
  const args = [""];
  let depth = 1;
  let isQuoted = false;
  for (let at = start; depth > 0 && at < text.length; at += 1) {
    const sign = text[at] as string;
    if (sign === "'") isQuoted = !isQuoted;
    else if (!isQuoted && sign === "(") depth += 1;
    else if (!isQuoted && sign === ")") depth -= 1;
    if (!isQuoted && sign === "," && depth === 1) args.push("");
    else if (depth > 0) args[args.length - 1] += sign;
  }
  return args.map((arg) => arg.trim());
}

/** The keys of an object that is written out after the reason; none where the call ends there. */
function detailsInTypeScript(rest: string): string[] | null {
  if (/^\s*,?\s*\)/.test(rest)) return [];
  const [, inside] = /^\s*,\s*\{([^{}]*(?:\$?\{[^{}]*\}[^{}]*)*)\}\s*,?\s*\)/.exec(rest) ?? [];
  if (inside === undefined || inside.includes("...")) return null;
  return inside
    .replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)|`[^`]*`|"[^"]*"/g, "")
    .split(",")
    .map((part) => part.trim().split(/[:\s]/)[0] ?? "")
    .filter(Boolean);
}
