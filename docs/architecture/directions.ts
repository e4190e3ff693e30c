import type { Imports } from "./imports.ts";
import type { rooms } from "./rooms.ts";

type Rooms = typeof rooms;

/** Files that only tests use, and tests themselves. */
export function isTest(file: string): boolean {
  return /(^|\/)tests\/|\.test\.ts$/.test(file);
}

/** The room of a file or a folder: of two names that fit, the longer one. */
export function roomOf(file: string, all: Rooms): string | undefined {
  return all
    .map(({ room }) => room)
    .filter((room) => file === room || file.startsWith(`${room}/`) || file === `${room}.ts`)
    .sort((a, b) => b.length - a.length)[0];
}

/** Imports that no row of the table allows, a line each. */
export function strayImports(
  imports: Imports,
  all: Rooms,
  { programs, tools }: { programs: string[]; tools: string[] },
): string[] {
  const lines: string[] = [];
  for (const [file, { files }] of imports) {
    const room = roomOf(file, all);
    if (isTest(file) || !room) continue;
    const allowed = new Set([room, ...(all.find((row) => row.room === room)?.imports ?? [])]);
    if (programs.includes(file)) for (const tool of tools) allowed.add(tool);
    for (const imported of files) {
      const other = roomOf(imported, all);
      if (isTest(imported)) lines.push(`${file} imports the test ${imported}`);
      else if (!other || !allowed.has(other)) lines.push(`${file} imports ${imported}`);
    }
  }
  return lines;
}

/** Circles of imports, of types too: each as the files of it. */
export function circles(imports: Imports): string[][] {
  const found: string[][] = [];
  const state = new Map<string, "open" | "done">();
  const trail: string[] = [];
  const visit = (file: string): void => {
    state.set(file, "open");
    trail.push(file);
    for (const next of imports.get(file)?.files ?? []) {
      if (state.get(next) === "open") found.push(trail.slice(trail.indexOf(next)));
      else if (!state.has(next)) visit(next);
    }
    trail.pop();
    state.set(file, "done");
  };
  for (const file of imports.keys()) if (!state.has(file)) visit(file);
  return found;
}

/** How something that must not be reached is reached: the files on the way, and it at the end. None where it is not. */
export function wayTo(imports: Imports, from: string, never: string[], all: Rooms): string[] | undefined {
  const begins = [...imports.keys()].filter(
    (file) => !isTest(file) && (file === from || roomOf(file, all) === from),
  );
  const ways = begins.map((file) => [file]);
  const seen = new Set(begins);
  for (let way = ways.shift(); way; way = ways.shift()) {
    const { files = [], packages = [] } = imports.get(way.at(-1) as string) ?? {};
    const named = packages.find((name) => never.some((begin) => isPackage(name, begin)));
    if (named) return [...way, named];
    for (const file of files) {
      if (never.includes(roomOf(file, all) ?? "")) return [...way, file];
      if (seen.has(file)) continue;
      seen.add(file);
      ways.push([...way, file]);
    }
  }
  return undefined;
}

/** Whether a package is meant: by its name, or by the beginning of one that ends in a dash or a slash. */
function isPackage(name: string, meant: string): boolean {
  return /[-/]$/.test(meant) ? name.startsWith(meant) : name === meant || name.startsWith(`${meant}/`);
}
