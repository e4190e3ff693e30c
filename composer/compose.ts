import { copyFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { captionsOf, type Language, type Timed } from "./captions.ts";
import { type Movement, mirrored, secondsOf } from "./drawing/movement.ts";
import { picturesOf } from "./drawing/pictures.ts";
import { asMovie, type Ffmpeg } from "./ffmpeg.ts";
import type { Clip, Manifest } from "./manifest.ts";
import { LONGEST, type Piece, piecesOf, type Recipe, type Side } from "./recipe.ts";
import { RenderRefused } from "./refusals.ts";

/** The letters of the captions, those of our documents. */
const font = fileURLToPath(new URL("../pdf/fonts/OpenSans-Regular.ttf", import.meta.url));

/** The largest video that is made, in bytes. */
export const LARGEST_VIDEO = 150 * 1024 * 1024;

/** How parts of a video are kept until they are joined: every picture for itself, hardly compressed. */
const PART = [
  "-c:v",
  "libx264",
  "-preset",
  "ultrafast",
  "-crf",
  "10",
  "-g",
  "1",
  "-bf",
  "0",
  "-pix_fmt",
  "yuv420p",
  "-an",
];

/** What every browser plays, from the first byte on. */
export const PLAYABLE = [
  ...[
    "-c:v",
    "libx264",
    "-profile:v",
    "baseline",
    "-pix_fmt",
    "yuv420p",
    "-preset",
    "veryfast",
    "-crf",
    "25",
  ],
  ...["-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact", "-threads", "2"],
];

/**
 * Makes the video of a recipe in a folder that has the bundle's files; answers its name there and how long it is. Each part is made
 * once, however often it is seen, and all are joined in one go that writes the captions. EXL-05.
 */
export async function compose(
  ffmpeg: Ffmpeg,
  folder: string,
  { manifest, recipe, language }: { manifest: Manifest; recipe: Recipe; language: Language },
): Promise<{ file: string; seconds: number }> {
  const oneSided = isOneSided(manifest);
  const pieces = piecesOf(recipe, oneSided);
  const loopSeconds = lengthOfLoop(manifest, recipe);
  const timed = inTime(pieces, loopSeconds);
  const seconds = timed.at(-1)?.to ?? 0;
  if (seconds > LONGEST) throw new RenderRefused(`the video would be longer than ${LONGEST / 60} minutes`);

  const parts = new Map<string, string>();
  for (const piece of pieces) {
    const name = partOf(piece);
    if (parts.has(name)) continue;
    if (!parts.has(`rep-${sideOf(piece)}`)) {
      await makeLoop(ffmpeg, folder, { manifest, recipe, side: sideOf(piece), seconds: loopSeconds });
      parts.set(`rep-${sideOf(piece)}`, "made");
    }
    if (piece.is !== "rep") await lengthen(ffmpeg, folder, manifest, piece);
    parts.set(name, "made");
  }

  const file = "video.mp4";
  await copyFile(font, path.join(folder, "OpenSans-Regular.ttf"));
  const { texts, size } = manifest;
  const captions = captionsOf(timed, { texts, language, sets: recipe.sets, oneSided, size });
  await writeFile(path.join(folder, "captions.ass"), captions);
  const list = pieces.map((piece) => `file '${partOf(piece)}.mp4'`);
  await writeFile(path.join(folder, "list.txt"), `ffconcat version 1.0\n${list.join("\n")}\n`);
  await ffmpeg.run(
    [
      ...["-protocol_whitelist", "file", "-f", "concat", "-safe", "1", "-i", "list.txt"],
      ...["-vf", "ass=captions.ass:fontsdir=.", "-r", String(size.fps), "-g", String(size.fps * 2)],
      ...["-fs", String(LARGEST_VIDEO), ...PLAYABLE, file],
    ],
    { folder },
  );
  if ((await stat(path.join(folder, file))).size >= LARGEST_VIDEO) {
    throw new RenderRefused(`the video would be larger than ${LARGEST_VIDEO} bytes`);
  }
  // A part that ffmpeg made nothing of is not missed by it.
  const { seconds: became } = await ffmpeg.probe(file, folder);
  if (Math.abs(became - seconds) > 0.5) {
    throw new RenderRefused(
      `the video became ${became} s long, not ${seconds.toFixed(1)} s: its clips are not what they seem`,
    );
  }
  return { file, seconds };
}

const isOneSided = ({ clips, drawing }: Manifest) =>
  drawing?.oneSided ?? (clips !== undefined && "right" in clips);
const sideOf = (piece: Piece): Side => (piece.is === "rest" ? "right" : piece.side);

function partOf(piece: Piece): string {
  if (piece.is === "rest") return `rest-${piece.seconds}`;
  return piece.is === "rep" ? `rep-${piece.side}` : `time-${piece.side}-${piece.seconds}`;
}

/** How long one repetition is, in whole pictures. */
function lengthOfLoop(manifest: Manifest, { tempo }: Recipe): number {
  const { drawing, size } = manifest;
  const { fps } = size;
  const whole = (seconds: number) => Math.max(1, Math.round(seconds * fps)) / fps;
  if (drawing) return whole(secondsOf(tempo ?? drawing.tempo));
  const { seconds } = clipOf(manifest, "right").clip;
  return whole(tempo ? tempo.up + tempo.hold + tempo.down : seconds);
}

function inTime(pieces: readonly Piece[], loopSeconds: number): Timed[] {
  let at = 0;
  return pieces.map((piece) => {
    const from = at;
    at += piece.is === "rep" ? loopSeconds : piece.seconds;
    return { piece, from, to: at };
  });
}

/** What was filmed of a side, and whether it is turned round. */
function clipOf({ clips }: Manifest, side: Side): { clip: Clip; isMirrored: boolean } {
  if (!clips) throw new RenderRefused("the bundle has no clips");
  if ("both" in clips) return { clip: clips.both, isMirrored: false };
  if (side === "right" || !clips.left) return { clip: clips.right, isMirrored: side === "left" };
  return { clip: clips.left, isMirrored: false };
}

type Loop = { manifest: Manifest; recipe: Recipe; side: Side; seconds: number };

/** Makes rep-<side>.mp4. */
async function makeLoop(
  ffmpeg: Ffmpeg,
  folder: string,
  { manifest, recipe, side, seconds }: Loop,
): Promise<void> {
  const { drawing, size } = manifest;
  const { width, height, fps } = size;
  const out = ["-r", String(fps), "-frames:v", String(Math.round(seconds * fps)), ...PART, `rep-${side}.mp4`];
  if (drawing) {
    const tempo: Movement = { ...drawing, tempo: recipe.tempo ?? drawing.tempo };
    const pictures = picturesOf(side === "left" ? mirrored(tempo) : tempo, size);
    const input = [
      "-f",
      "rawvideo",
      "-pix_fmt",
      "rgb24",
      "-s",
      `${width}x${height}`,
      "-r",
      String(fps),
      "-i",
      "pipe:0",
    ];
    return ffmpeg.run([...input, ...out], { folder, pictures });
  }
  const { clip, isMirrored } = clipOf(manifest, side);
  const { seconds: filmed } = await ffmpeg.probe(clip.file, folder);
  if (Math.abs(filmed - clip.seconds) > 0.2) {
    throw new RenderRefused(`${clip.file} is ${filmed} s long, not ${clip.seconds} s as the manifest says`);
  }
  const looks = [...fittedInto(size), ...(isMirrored ? ["hflip"] : [])].join(",");
  const filter = `${paced(clip, recipe.tempo, seconds, fps)};[paced]${looks}[out]`;
  await ffmpeg.run([...asMovie(clip.file), "-filter_complex", filter, "-map", "[out]", ...out], { folder });
}

const fittedInto = ({ width, height }: Manifest["size"]) => [
  `scale=${width}:${height}:force_original_aspect_ratio=decrease`,
  `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=white`,
  "setsar=1",
];

/** The way there, what is held, and the way back, each as long as the tempo says, to the picture. */
function paced(clip: Clip, tempo: Recipe["tempo"], whole: number, fps: number): string {
  const { seconds, turn } = clip;
  const all =
    tempo && turn
      ? [
          { from: 0, to: turn.from, lasts: tempo.up },
          { from: turn.from, to: turn.to, lasts: tempo.hold },
          { from: turn.to, to: seconds, lasts: tempo.down },
        ]
      : [{ from: 0, to: seconds, lasts: whole }];
  const parts = all.filter(({ from, to, lasts }) => to > from && lasts > 0);
  // Pictures that stretching or rounding lacks at the end are the last one again.
  const cut = parts.map(({ from, to, lasts }, i) =>
    [
      `[in${i}]trim=${from}:${to}`,
      `setpts=(PTS-STARTPTS)*${(lasts / (to - from)).toFixed(6)}`,
      `fps=${fps}`,
      `tpad=stop_mode=clone:stop_duration=${Math.ceil(lasts) + 1}`,
      `trim=end_frame=${Math.round(lasts * fps)}`,
      `setpts=N/(${fps}*TB)[part${i}]`,
    ].join(","),
  );
  const named = (name: string) => parts.map((_, i) => `[${name}${i}]`).join("");
  const joined = `${named("part")}concat=n=${parts.length}:v=1[paced]`;
  return `[0:v]split=${parts.length}${named("in")};${cut.join(";")};${joined}`;
}

/** Makes a part that lasts: a loop that goes on, or a rest, which shows the bundle's picture or the body at its beginning. */
async function lengthen(
  ffmpeg: Ffmpeg,
  folder: string,
  { rest, size }: Manifest,
  piece: Exclude<Piece, { is: "rep" }>,
): Promise<void> {
  const frames = piece.seconds * size.fps;
  const out = ["-r", String(size.fps), "-frames:v", String(frames), ...PART, `${partOf(piece)}.mp4`];
  const loop = asMovie(`rep-${sideOf(piece)}.mp4`);
  if (piece.is === "time") return ffmpeg.run(["-stream_loop", "-1", ...loop, ...out], { folder });
  const still = [...fittedInto(size), `loop=loop=${frames}:size=1`, `setpts=N/(${size.fps}*TB)`].join(",");
  const input = rest
    ? ["-protocol_whitelist", "file", "-f", "image2", "-c:v", "png", "-pattern_type", "none", "-i", rest.file]
    : loop;
  await ffmpeg.run([...input, "-vf", still, ...out], { folder });
}
