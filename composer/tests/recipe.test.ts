import { describe, expect, test } from "vitest";
import { captionsOf, type Timed } from "../captions.ts";
import { manifest } from "../manifest.ts";
import { type Piece, piecesOf, type Recipe, recipe } from "../recipe.ts";
import { keyOf } from "../request.ts";
import { manifestOf, texts } from "./bundles.ts";

const shown = (asked: object, oneSided: boolean) =>
  piecesOf(recipe.parse(asked) as Recipe, oneSided).map((piece: Piece) => {
    if (piece.is === "rest") return `rest ${piece.seconds}`;
    return piece.is === "rep"
      ? `${piece.set}.${piece.number} ${piece.side}`
      : `${piece.set} ${piece.seconds} s ${piece.side}`;
  });

describe("what a recipe shows, in order (EXL-05)", () => {
  test("repetitions of each set, and a rest between sets", () => {
    expect(shown({ sets: 2, reps: 2, restSeconds: 30 }, false)).toEqual([
      ...["1.1 right", "1.2 right", "rest 30", "2.1 right", "2.2 right"],
    ]);
  });
  test("of an exercise of one side the side that is asked for, both, or one after the other", () => {
    expect(shown({ sets: 1, reps: 2, restSeconds: 0, side: "left" }, true)).toEqual(["1.1 left", "1.2 left"]);
    const both = ["1.1 right", "1.2 right", "1.1 left", "1.2 left"];
    expect(shown({ sets: 1, reps: 2, side: "both" }, true)).toEqual(both);
    expect(shown({ sets: 1, reps: 2, side: null }, true)).toEqual(both);
    expect(shown({ sets: 1, reps: 2, side: "alternate" }, true)).toEqual([
      ...["1.1 right", "1.1 left", "1.2 right", "1.2 left"],
    ]);
    expect(shown({ sets: 1, reps: 1, side: "alternate" }, false)).toEqual(["1.1 right"]);
  });
  test("a time where a time is prescribed", () => {
    expect(shown({ sets: 2, seconds: 20, restSeconds: 5 }, false)).toEqual([
      "1 20 s right",
      "rest 5",
      "2 20 s right",
    ]);
  });
  test.each([
    ["neither repetitions nor a time", { sets: 1, restSeconds: 0 }],
    ["both", { sets: 1, reps: 2, seconds: 3 }],
    ["no set", { sets: 0, reps: 2 }],
    ["a word that nobody knows", { sets: 1, reps: 2, mood: "good" }],
    ["too many repetitions", { sets: 1, reps: 101 }],
  ])("%s is no recipe", (_, asked) => {
    expect(recipe.safeParse(asked).success).toBe(false);
  });
  test("the same recipe has the same key, however it is written", () => {
    const [one, two] = [
      { sets: 1, reps: 3, tempo: { up: 1, hold: 0, down: 1 }, side: null },
      { tempo: { down: 1, up: 1, hold: 0 }, reps: 3, sets: 1 },
    ];
    expect(keyOf(one)).toBe(keyOf(two));
    expect(keyOf(one)).not.toBe(keyOf({ ...one, reps: 4 }));
  });
});

describe("what is written in a video (EXL-05)", () => {
  const { size } = manifest.parse(manifestOf());
  const timed: Timed[] = [
    { piece: { is: "rep", side: "left", set: 1, number: 2, of: 10 }, from: 0, to: 1.4 },
    { piece: { is: "rest", before: 2, seconds: 2 }, from: 1.4, to: 3.4 },
  ];
  const lines = (language: "ro" | "en") =>
    captionsOf(timed, { texts, language, sets: 3, oneSided: true, size })
      .split("\n")
      .filter((line) => line.startsWith("Dialogue"))
      .map((line) => line.replace(/^Dialogue: 0,/, ""));

  test("in Romanian", () => {
    expect(lines("ro")).toEqual([
      "0:00:00.00,0:00:03.40,Name,Ridicarea brațului",
      "0:00:00.00,0:00:03.40,Cue,Umărul rămâne jos",
      "0:00:00.00,0:00:01.40,Count,Seria 1 din 3 · 2 din 10 · stânga",
      "0:00:01.40,0:00:02.40,Rest,Pauză\\N2 s",
      "0:00:02.40,0:00:03.40,Rest,Pauză\\N1 s",
      "0:00:01.40,0:00:03.40,Count,Urmează seria 2",
    ]);
  });
  test("in English", () => {
    expect(lines("en").slice(2, 4)).toEqual([
      "0:00:00.00,0:00:01.40,Count,Set 1 of 3 · 2 of 10 · left",
      "0:00:01.40,0:00:02.40,Rest,Rest\\N2 s",
    ]);
  });
  test.each(["{\\pos(0,0)}", "two\nlines", "a\\Nb", ""])(
    "a text that would be more than a text is no text: %j",
    (name) => {
      const changed = manifestOf({ texts: { ro: { name }, en: { name: "x" } } });
      expect(manifest.safeParse(changed).success).toBe(false);
    },
  );
});
