import type { Say } from "../../components/texts.ts";
import type { Prescription } from "./door.ts";

type Words = Say<
  | "sets_of_reps"
  | "sets_of_seconds"
  | "rest_of"
  | "tempo_of"
  | "side_left"
  | "side_right"
  | "side_both"
  | "side_alternate"
>;

/** What is prescribed, in words: sets and repetitions or seconds, rest, tempo and side. */
export function prescribedIn(
  say: Words,
  { sets, reps, seconds, restSeconds, tempo, side }: Prescription,
): string[] {
  return [
    reps ? say("sets_of_reps", { sets, reps }) : say("sets_of_seconds", { sets, seconds: seconds ?? 0 }),
    ...(restSeconds > 0 && sets > 1 ? [say("rest_of", { seconds: restSeconds })] : []),
    ...(tempo ? [say("tempo_of", tempo)] : []),
    ...(side ? [say(`side_${side}`)] : []),
  ];
}
