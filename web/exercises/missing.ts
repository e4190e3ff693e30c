import type { Language } from "../components/language.ts";
import { exerciseTexts } from "../texts/exercises/index.ts";

/** What an exercise can lack to be published, as the API lists it, and where in the form that is written. */
const places = {
  name_in_both_languages: "$.name",
  instructions: "$.instructions",
  instructions_in_both_languages: "$.instructions",
  contraindications: "$.contraindications",
  contraindications_in_both_languages: "$.contraindications",
  review_of_contraindications: null,
  catalog_render: null,
} as const;

type Lack = keyof typeof places;

/** What is lacking, in words; anything that the page does not know is told by its code. */
export function wordsOfLack(lack: string, language: Language): string {
  const say = exerciseTexts(language);
  return isKnown(lack) ? say(`lacks_${lack}`) : say("lacks_other", { code: lack });
}

/** The same at the fields where it is mended. */
export function placesOf(missing: readonly string[], language: Language): Map<string, string> {
  const found = new Map<string, string>();
  for (const lack of missing) {
    const place = isKnown(lack) ? places[lack] : null;
    if (place !== null && !found.has(place)) found.set(place, wordsOfLack(lack, language));
  }
  return found;
}

function isKnown(lack: string): lack is Lack {
  return lack in places;
}
