import type { sessionTexts } from "../../texts/session/index.ts";
import type { Prescription } from "./door.ts";

/** What is prescribed, in words: sets and repetitions or seconds, rest, tempo and side. */
export function prescribedIn(
  say: ReturnType<typeof sessionTexts>,
  { sets, reps, seconds, restSeconds, tempo, side }: Prescription,
): string[] {
  return [
    reps ? say("sets_of_reps", { sets, reps }) : say("sets_of_seconds", { sets, seconds: seconds ?? 0 }),
    ...(restSeconds > 0 && sets > 1 ? [say("rest_of", { seconds: restSeconds })] : []),
    ...(tempo ? [say("tempo_of", tempo)] : []),
    ...(side ? [say(`side_${side}`)] : []),
  ];
}
