import { z } from "zod";

/** The longest video that is made, in seconds. */
export const LONGEST = 30 * 60;

const upOrDown = z.number().min(0.5).max(30);

/** What is prescribed, as plans have it. Repetitions of an exercise of one side are those of each side. */
export const recipe = z
  .strictObject({
    sets: z.number().int().min(1).max(20),
    reps: z.number().int().min(1).max(100).nullish(),
    seconds: z.number().int().min(1).max(3600).nullish(),
    restSeconds: z.number().int().min(0).max(600).nullish(),
    tempo: z.strictObject({ up: upOrDown, hold: z.number().min(0).max(60), down: upOrDown }).nullish(),
    side: z.enum(["left", "right", "both", "alternate"]).nullish(),
  })
  .refine(({ reps, seconds }) => (reps == null) !== (seconds == null), "either reps or seconds");
export type Recipe = z.output<typeof recipe>;

export type Side = "left" | "right";
/** What follows what in a video. */
export type Piece =
  | { is: "rep"; side: Side; set: number; number: number; of: number }
  | { is: "time"; side: Side; set: number; seconds: number }
  | { is: "rest"; before: number; seconds: number };

/** The pieces of a recipe, in order. Where both sides are asked for, a set is the right side's first. EXL-05. */
export function piecesOf({ sets, reps, seconds, restSeconds, side }: Recipe, oneSided: boolean): Piece[] {
  const pieces: Piece[] = [];
  for (let set = 1; set <= sets; set++) {
    if (set > 1 && restSeconds) pieces.push({ is: "rest", before: set, seconds: restSeconds });
    const sides: Side[] = !oneSided
      ? ["right"]
      : side === "left" || side === "right"
        ? [side]
        : ["right", "left"];
    if (seconds != null) {
      pieces.push(...sides.map((one): Piece => ({ is: "time", side: one, set, seconds })));
      continue;
    }
    const of = reps ?? 0;
    const numbers = Array.from({ length: of }, (_, i) => i + 1);
    const rep = (one: Side, number: number): Piece => ({ is: "rep", side: one, set, number, of });
    pieces.push(
      ...(side === "alternate"
        ? numbers.flatMap((number) => sides.map((one) => rep(one, number)))
        : sides.flatMap((one) => numbers.map((number) => rep(one, number)))),
    );
  }
  return pieces;
}
