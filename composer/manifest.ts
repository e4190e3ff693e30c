import { z } from "zod";
import { movement } from "./drawing/movement.ts";

/** The largest file of a bundle, and all of them together, in bytes. */
const LARGEST_FILE = 64 * 1024 * 1024;
const LARGEST_BUNDLE = 160 * 1024 * 1024;
/** The largest manifest, in bytes. */
export const LARGEST_MANIFEST = 64 * 1024;

const file = z.strictObject({
  /** A name in the bundle, without folders. */
  file: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}\.(mp4|mov|png)$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().min(1).max(LARGEST_FILE),
});
export type BundleFile = z.output<typeof file>;

/** One repetition as it was filmed. `turn`: between which seconds it is held; a tempo then stretches its parts. */
const clip = file
  .extend({
    file: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}\.(mp4|mov)$/),
    seconds: z.number().min(0.5).max(60),
    turn: z.strictObject({ from: z.number().min(0.1), to: z.number().min(0.1) }).optional(),
  })
  .refine(
    ({ turn, seconds }) => !turn || (turn.from <= turn.to && turn.to < seconds),
    "turn lies within the clip",
  );
export type Clip = z.output<typeof clip>;

const line = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}{}\\]+$/u, "one line without braces");
const texts = z.strictObject({ name: line, cue: line.optional() });

/** `both`: both sides move at once. `right` alone is mirrored for the left. */
const clips = z.union([
  z.strictObject({ both: clip }),
  z.strictObject({ right: clip, left: clip.optional() }),
]);

/**
 * What a bundle's manifest.json says (EXL-05): the loops as they were filmed, or a movement that is drawn; what is written in each
 * language; a picture for rests. Everything in it is bounded, since it is handed to a program that takes whatever it is given.
 */
export const manifest = z
  .strictObject({
    version: z.literal(1),
    slug: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      .max(63),
    assetVersion: z.number().int().min(1),
    texts: z.strictObject({ ro: texts, en: texts }),
    size: z
      .strictObject({
        width: z.number().int().min(160).max(1920).multipleOf(2),
        height: z.number().int().min(120).max(1080).multipleOf(2),
        fps: z.number().int().min(10).max(30),
      })
      .default({ width: 640, height: 360, fps: 20 }),
    clips: clips.optional(),
    drawing: movement.optional(),
    rest: file.extend({ file: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}\.png$/) }).optional(),
  })
  .refine((one) => Boolean(one.clips) !== Boolean(one.drawing), "either clips or a drawing")
  .refine(
    (one) => filesOf(one).reduce((sum, { bytes }) => sum + bytes, 0) <= LARGEST_BUNDLE,
    "the files are too large together",
  );
export type Manifest = z.output<typeof manifest>;

/** The files that a manifest names. */
export function filesOf({
  clips: all,
  rest,
}: {
  clips?: z.output<typeof clips> | undefined;
  rest?: BundleFile | undefined;
}): BundleFile[] {
  return [...(all ? Object.values(all) : []), rest].filter((one) => one !== undefined);
}
