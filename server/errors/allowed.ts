/** What a constraint allows, where it is a range, a list of words, or a shape that has a name. */
export type Allowed = { least: string; most: string } | { legal: string[] };

const range = /^CHECK \(\(\((\w+) >= ('?[\d-]+'?)(?:::\w+)?\) AND \(\1 <= ('?[\d-]+'?)(?:::\w+)?\)\)\)$/;
const only = /^CHECK \(\(\w+ = '([^']*)'::text\)\)$/;
const list = /^CHECK \(\(\w+ = ANY \(ARRAY\[((?:'[^']*'::text(?:, )?)+)\]\)\)\)$/;

/** Reads it from the constraint as the catalog writes it, so that no sentence says what the rule no longer does. */
export function allowedBy(definition: string | null): Allowed | undefined {
  const [, , least, most] = range.exec(definition ?? "") ?? [];
  if (least && most) return { least: least.replaceAll("'", ""), most: most.replaceAll("'", "") };
  const [, word] = only.exec(definition ?? "") ?? [];
  if (word) return { legal: [word] };
  const [, words] = list.exec(definition ?? "") ?? [];
  return words ? { legal: Array.from(words.matchAll(/'([^']*)'/g), ([, word = ""]) => word) } : undefined;
}

/** Shapes by the ending of a constraint's name. */
const shapes: [RegExp, string][] = [
  [/_is_a_slug$/, "is lower-case letters a to z and digits, with single hyphens or underscores between them"],
  [/_is_a_code$/, "is the code of the ISO in capital letters, such as RON or RO"],
  [/_is_base64url$/, "is what the browser gives, as base64url"],
];

/** The rule in words that say what would do; undefined where the constraint's own name has to. */
export function wordsOfAllowed(
  column: string,
  constraint: string,
  allowed: Allowed | undefined,
): string | undefined {
  if (allowed && "legal" in allowed) return `${column} is one of ${allowed.legal.join(", ")}`;
  if (allowed) return `${column} is between ${allowed.least} and ${allowed.most}`;
  const shape = shapes.find(([ending]) => ending.test(constraint))?.[1];
  return shape && `${column} ${shape}`;
}
