import type { Language } from "../components/language.ts";
import { exerciseTexts } from "../texts/exercises/index.ts";

/** As plans and recipes say it. */
export type Prescription = {
  sets: number;
  reps: number | null;
  seconds: number | null;
  restSeconds: number;
  tempo: { up: number; hold: number; down: number } | null;
  side: "left" | "right" | "both" | "alternate" | null;
};

/** What is prescribed, in words, whole: 3 sets of 10, 30 seconds of rest, left, 2-1-2. */
export function prescribedIn(given: unknown, language: Language): string {
  const say = exerciseTexts(language);
  const { sets, reps, seconds, restSeconds, tempo, side } = given as Prescription;
  return [
    reps ? say("sets_of_reps", { sets, reps }) : say("sets_of_seconds", { sets, seconds: seconds ?? 0 }),
    say("rest", { seconds: restSeconds }),
    ...(side ? [say(`side_${side}`)] : []),
    ...(tempo ? [say("tempo", { tempo: `${tempo.up}-${tempo.hold}-${tempo.down}` })] : []),
  ].join(", ");
}
