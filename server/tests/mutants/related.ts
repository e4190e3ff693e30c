import { globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { areas } from "./areas.ts";
import { nodesOf, parse } from "./syntax.ts";

const isTest = (file: string) => /(?:^|\/)tests\//.test(file);

/** The sources of all areas, in their order. */
export function sourcesOf(root: string, wanted = ""): string[] {
  const sources = areas.flatMap((area) => globSync(area.sources, { cwd: root }).sort());
  return [...new Set(sources)].filter((file) => !isTest(file) && file.startsWith(wanted));
}

export type Related = { tests: string[]; slow: string[] };

/**
 * For a source the tests of its area that come to it, the nearest first: by imports, and by what is written as text,
 * as the file of a thread or of a process is.
 */
export function createRelated(root: string): (source: string) => Related {
  const named = new Map<string, string[]>();
  const filesNamedIn = (file: string): string[] => {
    const known = named.get(file);
    if (known) return known;
    const found = readNames(root, file);
    named.set(file, found);
    return found;
  };

  const distances = (test: string): Map<string, number> => {
    const far = new Map([[test, 0]]);
    for (const [file, distance] of far) {
      for (const next of filesNamedIn(file)) if (!far.has(next)) far.set(next, distance + 1);
    }
    return far;
  };
  const distancesOf = new Map<string, Map<string, number>>();

  const comingTo = (source: string, patterns: string[]): string[] => {
    const near = globSync(patterns, { cwd: root }).flatMap((test) => {
      const far = distancesOf.get(test) ?? distances(test);
      distancesOf.set(test, far);
      const distance = far.get(source);
      // Of two that are as near, the one that is named like the source.
      const isOther = path.basename(test, ".test.ts") === path.basename(source, ".ts") ? 0 : 0.5;
      return distance === undefined ? [] : [{ test, far: distance + isOther }];
    });
    return near.sort((a, b) => a.far - b.far || (a.test < b.test ? -1 : 1)).map(({ test }) => test);
  };

  return (source) => {
    const { tests, slow = [] } = areas.find(({ sources }) => path.matchesGlob(source, sources)) ?? {
      tests: [],
    };
    return { tests: comingTo(source, tests), slow: comingTo(source, slow) };
  };
}

/** Sources of the project that a source names in its code, types aside. */
function readNames(root: string, file: string): string[] {
  const named = new Set<string>();
  for (const [node, ancestors] of nodesOf(parse(readFileSync(path.join(root, file), "utf8")))) {
    if (node.type !== "Literal" || typeof node.value !== "string" || !node.value.endsWith(".ts")) continue;
    const parent = ancestors.at(-1);
    if (parent?.importKind === "type" || parent?.exportKind === "type") continue;
    const beside = path.join(path.dirname(file), node.value);
    for (const candidate of [beside, path.normalize(node.value)]) {
      if (!candidate.startsWith("..") && isFile(path.join(root, candidate))) named.add(candidate);
    }
  }
  return [...named];
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
