import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAst } from "vitest/node";

/** Which files and packages each TypeScript file of the project imports, by paths from the project's folder. */
export type Imports = Map<string, { files: string[]; packages: string[] }>;

// biome-ignore lint/suspicious/noExplicitAny: which properties a node has depends on its type.
type Node = Record<string, any>;

/** Reads all imports of a project: of values and of types, at the top or later, and files that are run in a thread. */
export function readImports(root: string): Imports {
  const foreign = (folder: string) => /(^|[\\/])(node_modules|\.data|\.git)$/.test(folder);
  const files = globSync(["**/*.{ts,tsx}", ".ci/*.ts"], { cwd: root, exclude: foreign });
  return new Map(
    files
      .map((file) => path.normalize(file).replaceAll(path.sep, "/"))
      .map((file) => [file, importsOf(file, readFileSync(path.join(root, file), "utf8"))]),
  );
}

/** What one file imports. */
export function importsOf(file: string, text: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  for (const specifier of specifiersOf(parseAst(text, { lang: file.endsWith(".tsx") ? "tsx" : "ts" }))) {
    if (specifier.startsWith(".")) files.add(path.posix.join(path.posix.dirname(file), specifier));
    else if (!specifier.startsWith("node:")) packages.add(specifier);
  }
  return { files: [...files].filter((name) => /\.tsx?$/.test(name)), packages: [...packages] };
}

function* specifiersOf(node: Node): Generator<string> {
  const named = node.type === "NewExpression" ? urlOfModule(node) : node.source?.value;
  if (typeof named === "string") yield named;
  if (node.type === "TSImportType" && typeof node.source?.value !== "string")
    yield node.argument?.literal?.value;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") yield* specifiersOf(child);
    }
  }
}

/** `new URL("thread.ts", import.meta.url)`: how a file is named that a thread or another process runs. */
function urlOfModule({ callee, arguments: [named] }: Node): string | undefined {
  if (callee.name !== "URL" || typeof named?.value !== "string" || !named.value.endsWith(".ts"))
    return undefined;
  return named.value.startsWith(".") ? named.value : `./${named.value}`;
}
