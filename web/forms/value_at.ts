import type { Answer, Answers } from "./content.ts";

/** The answer at a path, such as `medicines[1].name`. */
export function valueAt(answers: Answers, path: string): Answer | undefined {
  let value: unknown = answers;
  for (const step of path.split(/[.[\]]+/)) {
    if (step === "") continue;
    value = (value as Record<string, unknown> | undefined)?.[step];
  }
  return value as Answer | undefined;
}
