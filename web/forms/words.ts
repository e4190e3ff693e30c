import type { Language } from "../components/language.ts";
import type { Say } from "../components/texts.ts";
import { formTexts } from "../texts/forms/index.ts";
import type { Problem } from "./check.ts";

type Key = Parameters<ReturnType<typeof formTexts>>[0];

/** The reasons that somebody is told before anything is sent, each with the text that says it. */
const texts: Record<string, Key> = {
  required: "required",
  not_a_number: "not_a_number",
  not_an_integer: "not_an_integer",
  too_short: "too_short",
  too_long: "too_long",
  too_small: "too_small",
  too_large: "too_large",
  too_early: "too_early",
  too_late: "too_late",
  too_few: "too_few",
  too_many: "too_many",
};

/** Problems by path, in words: ours, or what came with a problem that we have none for. */
export function inWords(
  problems: readonly (Problem & { message?: string })[],
  language: Language,
): Map<string, string> {
  const say: Say<Key> = formTexts(language);
  return new Map(
    problems.map(({ path, reason, bound, message }) => {
      const text = texts[reason];
      if (!text && message) return [path, message];
      return [path, say(text ?? "other_problem", bound === undefined ? undefined : { bound })];
    }),
  );
}
