/** What a constraint allows, where it is a range or a list of words. */
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

/** Shapes by the ending of a constraint's name; the text of `VALIDATION rule_broken` has words for each. */
const shapes: [RegExp, string][] = [
  [/_is_not_blank$/, "not_blank"],
  [/_is_one_line$/, "one_line"],
  [/_is_a_slug$/, "slug"],
  [/_is_a_code$/, "code"],
  [/_is_base64url$/, "base64url"],
  [/_is_lower_case$/, "lower_case"],
  [/_is_an_object$/, "object"],
  [/_says_why$/, "reason"],
  [/_ends?_after_start$|_are_(in_order|ordered)$/, "ordered"],
  [/_is_positive$/, "positive"],
  [/_is_not_negative$/, "not_negative"],
];

/** What kind of rule a constraint is, and between what; without a shape where its own name has to say it. */
export function shapeOf(
  constraint: string,
  allowed: Allowed | undefined,
): { shape?: string } & Partial<{ least: string; most: string; legal: string[] }> {
  if (allowed) return { shape: "legal" in allowed ? "legal" : "range", ...allowed };
  const [, most] = /_is_at_most_(\d+)_characters_long$/.exec(constraint) ?? [];
  if (most) return { shape: "length", most };
  const shape = shapes.find(([ending]) => ending.test(constraint))?.[1];
  return shape ? { shape } : {};
}
