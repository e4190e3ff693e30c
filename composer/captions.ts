import type { Manifest } from "./manifest.ts";
import type { Piece } from "./recipe.ts";

export type Language = "ro" | "en";
/** A piece and when it is seen, in seconds. */
export type Timed = { piece: Piece; from: number; to: number };

const words = {
  ro: {
    set: (number: number, of: number) => `Seria ${number} din ${of}`,
    rep: (number: number, of: number) => `${number} din ${of}`,
    left: "stânga",
    right: "dreapta",
    rest: "Pauză",
    next: (number: number) => `Urmează seria ${number}`,
  },
  en: {
    set: (number: number, of: number) => `Set ${number} of ${of}`,
    rep: (number: number, of: number) => `${number} of ${of}`,
    left: "left",
    right: "right",
    rest: "Rest",
    next: (number: number) => `Next: set ${number}`,
  },
};

/** What is written in a video, as a script of Advanced SubStation Alpha, which ffmpeg draws. EXL-05. */
export function captionsOf(
  pieces: readonly Timed[],
  {
    texts,
    language,
    sets,
    oneSided,
    size: { width, height },
  }: Pick<Manifest, "size"> & {
    texts: Manifest["texts"];
    language: Language;
    sets: number;
    oneSided: boolean;
  },
): string {
  const say = words[language];
  const { name, cue } = texts[language];
  const end = pieces.at(-1)?.to ?? 0;
  const lines = pieces.flatMap(({ piece, from, to }) => {
    if (piece.is === "rest") return rest(piece, from, say);
    const side = oneSided ? [say[piece.side]] : [];
    const set = say.set(piece.set, sets);
    if (piece.is === "rep") {
      return [event(from, to, "Count", [set, say.rep(piece.number, piece.of), ...side].join(" · "))];
    }
    return countdown(piece.seconds, from, (left) => ["Count", [set, `${left} s`, ...side].join(" · ")]);
  });
  return [
    "[Script Info]",
    "ScriptType: v4.00+",
    `PlayResX: ${width}`,
    `PlayResY: ${height}`,
    "WrapStyle: 0",
    "",
    "[V4+ Styles]",
    "Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV",
    style("Name", { size: height * 0.066, align: 8, margin: height * 0.03 }),
    style("Cue", { size: height * 0.05, align: 8, margin: height * 0.105 }),
    style("Count", { size: height * 0.075, align: 2, margin: height * 0.04 }),
    style("Rest", { size: height * 0.14, align: 5, margin: 0 }),
    "",
    "[Events]",
    "Format: Layer, Start, End, Style, Text",
    event(0, end, "Name", name),
    ...(cue ? [event(0, end, "Cue", cue)] : []),
    ...lines,
    "",
  ].join("\n");
}

function rest(
  { before, seconds }: Extract<Piece, { is: "rest" }>,
  from: number,
  say: (typeof words)[Language],
): string[] {
  return countdown(seconds, from, (left) => ["Rest", `${say.rest}\\N${left} s`]).concat(
    event(from, from + seconds, "Count", say.next(before)),
  );
}

function countdown(seconds: number, from: number, told: (left: number) => [string, string]): string[] {
  return Array.from({ length: seconds }, (_, i) => {
    const [style, text] = told(seconds - i);
    return event(from + i, from + i + 1, style, text);
  });
}

/** Dark letters with a light edge: to be read on any picture. */
function style(
  name: string,
  { size, align, margin }: { size: number; align: number; margin: number },
): string {
  const [dark, light] = ["&H00402A16", "&H00FFFFFF"];
  const edge = Math.max(1, size * 0.08).toFixed(1);
  return `Style: ${name},Open Sans,${size.toFixed(1)},${dark},${light},${light},0,1,${edge},0,${align},12,12,${Math.round(margin)}`;
}

function event(from: number, to: number, style: string, text: string): string {
  return `Dialogue: 0,${clock(from)},${clock(to)},${style},${text}`;
}

/** H:MM:SS.cc */
function clock(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const two = (number: number) => String(number).padStart(2, "0");
  const [h, m, s] = [
    Math.floor(hundredths / 360_000),
    Math.floor(hundredths / 6000) % 60,
    Math.floor(hundredths / 100) % 60,
  ];
  return `${h}:${two(m)}:${two(s)}.${two(hundredths % 100)}`;
}
