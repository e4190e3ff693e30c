import type { Language } from "../components/language.ts";
import type { ExerciseLibraryQuery, OneExerciseQuery } from "../documents/generated/operations.ts";
import { asValues, type Choice, type Values } from "../schema_form/schema.ts";

export type Term = ExerciseLibraryQuery["exerciseTerms"]["nodes"][number];
export type Listed = ExerciseLibraryQuery["exercises"]["nodes"][number];
export type Exercise = NonNullable<OneExerciseQuery["exercise"]>;
export type Texts = { ro?: string; en?: string };

/** A text in a language, in the other one where it is not there in this. */
export function textIn(texts: unknown, language: Language): string {
  const { ro, en } = asValues(texts) as Texts;
  return (language === "ro" ? (ro ?? en) : (en ?? ro)) ?? "";
}

export function nameOf(
  { translations, slug }: { translations: unknown; slug: string },
  language: Language,
): string {
  const { ro, en } = asValues(translations) as Record<Language, { name?: string } | undefined>;
  return textIn({ ...(ro?.name && { ro: ro.name }), ...(en?.name && { en: en.name }) }, language) || slug;
}

/** What terms there are, as lists that a form offers. */
export function termChoices(terms: readonly Term[], language: Language): Record<string, Choice[]> {
  const lists: Record<string, Choice[]> = { category: [], body_region: [], equipment: [], tag: [] };
  for (const { kind, slug, names } of [...terms].sort((a, b) => a.place - b.place))
    lists[kind.toLowerCase()]?.push({ value: slug, label: textIn(names, language) });
  return lists;
}

/** What stands in the form of an exercise that is not there yet. */
export const nothingYet: Values = {
  slug: "",
  kind: "reps_based",
  name: {},
  description: {},
  difficulty: "1",
  terms: {},
  instructions: [],
  contraindications: [],
};

/** An exercise as the form of its schema has it (schema.ts). */
export function draftOf(exercise: Exercise, terms: readonly Term[]): Values {
  const { ro, en } = asValues(exercise.translations) as Record<Language, Record<string, string> | undefined>;
  const chosen = new Set(exercise.exerciseTags.nodes.map(({ termId }) => termId));
  const of = (part: string) => withoutEmpty({ ro: ro?.[part], en: en?.[part] });
  const slugsOf = (kind: string) =>
    terms.filter((term) => term.kind.toLowerCase() === kind && chosen.has(term.id)).map(({ slug }) => slug);
  return {
    slug: exercise.slug,
    kind: exercise.kind.toLowerCase(),
    name: of("name"),
    description: of("description"),
    difficulty: String(exercise.difficulty),
    terms: Object.fromEntries(
      ["category", "body_region", "equipment", "tag"].map((kind) => [kind, slugsOf(kind)]),
    ),
    ...(exercise.tracking ? { tracking: exercise.tracking } : {}),
    instructions: [...exercise.exerciseInstructions.nodes]
      .sort((a, b) => a.position - b.position)
      .map(({ kind, text }) => ({ kind: kind.toLowerCase(), text })),
    contraindications: [...exercise.exerciseContraindications.nodes]
      .sort((a, b) => gravity.indexOf(a.severity) - gravity.indexOf(b.severity))
      .map(({ severity, text }) => ({ severity: severity.toLowerCase(), text })),
  };
}

const gravity = ["ABSOLUTE", "RELATIVE", "CAUTION"];

/** What a draft says, as the verbs take it. */
export function variablesOf(draft: Values) {
  const [names, descriptions] = [asValues(draft.name), asValues(draft.description)];
  const translations = Object.fromEntries(
    (["ro", "en"] as const).flatMap((language) => {
      const texts = withoutEmpty({ name: names[language], description: descriptions[language] });
      return Object.keys(texts).length > 0 ? [[language, texts]] : [];
    }),
  );
  return {
    difficulty: Number(draft.difficulty),
    translations,
    tracking: draft.tracking ?? null,
    terms: Object.values(asValues(draft.terms)).flat() as string[],
  };
}

/** The lines of a draft, without texts that are empty. */
export function linesOf(lines: unknown): Values[] {
  return (lines as Values[]).map((line) => ({ ...line, text: withoutEmpty(asValues(line.text)) }));
}

function withoutEmpty(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, one]) => one !== undefined && one !== ""));
}
