import { withoutComments } from "./sql_text.ts";

/** A re-runnable file of db/functions or db/policies. `name` is relative to db. */
export type Source = { name: string; text: string };

/** What a source needs to have run before: at once, or (a plpgsql body) not before it is called. */
type Needs = { atOnce: Set<Source>; whenCalled: Set<Source> };

/**
 * Sources in an order in which they run: each after those whose functions and views it names. PostgreSQL reads the
 * body of a plpgsql function when it is called, so functions may call each other in a circle there; whatever else
 * forms a circle is left to PostgreSQL to refuse. Alphabetical otherwise.
 */
export function inOrder(sources: Source[]): Source[] {
  const needs = needsOf(sources);
  const ordered = new Set<Source>();
  for (const circle of circles(sources, needs)) {
    const visit = (source: Source, above: Set<Source>) => {
      if (ordered.has(source) || above.has(source)) return;
      for (const needed of needs.get(source)?.atOnce ?? [])
        if (circle.has(needed)) visit(needed, new Set(above).add(source));
      ordered.add(source);
    };
    for (const source of circle) visit(source, new Set());
  }
  return [...ordered];
}

/** Reads out of each text which of the others it names. */
function needsOf(sources: Source[]): Map<Source, Needs> {
  const texts = new Map(sources.map((source) => [source, withoutComments(source.text)]));
  const definedIn = new Map<string, Source>();
  for (const [source, text] of texts)
    for (const [, name = ""] of text.matchAll(/^create or replace (?:function|procedure|view) (\w+\.\w+)/gm))
      definedIn.set(name, source);

  const named = (text: string, self: Source) =>
    new Set(
      [...new Set(text.match(/\b\w+\.\w+\b/g))]
        .sort()
        .flatMap((name) => definedIn.get(name) ?? [])
        .filter((source) => source !== self),
    );
  return new Map(
    [...texts].map(([source, text]) => [
      source,
      { atOnce: named(withoutLateBodies(text), source), whenCalled: named(text, source) },
    ]),
  );
}

/** Without the bodies that PostgreSQL reads only when they are called. */
function withoutLateBodies(text: string): string {
  return text.replace(
    /^create or replace (?:function|procedure)(?:(?!^create or replace )[\s\S])*?\bas (\$\w*\$)[\s\S]*?\1/gm,
    (statement) => (/\blanguage plpgsql\b/.test(statement) ? "" : statement),
  );
}

/**
 * The sources in groups, each after the groups it needs; a group of several is a circle of calls (Tarjan's strongly
 * connected components).
 */
function circles(sources: Source[], needs: Map<Source, Needs>): Set<Source>[] {
  const found: Set<Source>[] = [];
  const index = new Map<Source, number>();
  const lowest = new Map<Source, number>();
  const open: Source[] = [];

  const visit = (source: Source): number => {
    const at = index.size;
    index.set(source, at);
    lowest.set(source, at);
    open.push(source);
    for (const needed of needs.get(source)?.whenCalled ?? []) {
      const reached = index.has(needed) ? open.includes(needed) && lowest.get(needed) : visit(needed);
      if (reached !== false && reached !== undefined)
        lowest.set(source, Math.min(lowest.get(source) ?? at, reached));
    }
    if (lowest.get(source) === at) found.push(new Set(open.splice(open.indexOf(source)).sort(byName)));
    return lowest.get(source) ?? at;
  };
  for (const source of sources) if (!index.has(source)) visit(source);
  return found;
}

const byName = (a: Source, b: Source) => (a.name < b.name ? -1 : 1);
