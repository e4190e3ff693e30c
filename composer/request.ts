import { createHash } from "node:crypto";
import { z } from "zod";
import { recipe } from "./recipe.ts";

/** What a render is asked for with: a recipe and the bundle of its material, or a whole video to import. */
export const renderRequest = z
  .strictObject({
    exercise: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      .max(63),
    kind: z.enum(["reps_based", "duration_based"]),
    recipe: recipe.nullable(),
    language: z.enum(["ro", "en"]),
    assetVersion: z.number().int().min(1).max(1_000_000),
    /** Where the material lies in the object store; ends with a slash. */
    bundle: z
      .string()
      .regex(/^exercises\/[a-z0-9-]+\/[a-z0-9-]+\/$/)
      .nullable(),
    /** The video that is imported. */
    source: z
      .string()
      .regex(/^exercises\/[a-z0-9-]+\/[a-z0-9_-]+(\/[a-z0-9_-]+)*\.(mp4|mov|webm)$/)
      .nullable(),
    /** Where the video goes, if it goes into the object store. */
    objectKey: z.string().regex(/^exercise-renders\/[a-z0-9-]+\/[a-z0-9-]+\.mp4$/),
  })
  .refine(
    (asked) =>
      asked.recipe
        ? asked.bundle !== null && asked.source === null
        : asked.source !== null && asked.bundle === null,
    "either a recipe with a bundle, or a source",
  );
export type RenderRequest = z.output<typeof renderRequest>;

/** What a render answers. */
export type Rendered = {
  provider: "bunny" | "local";
  videoId: string;
  objectKey: string | null;
  collectionId: string | null;
  /** In whole seconds, one at least. */
  durationS: number;
  /** Of the bytes that were handed to the provider. */
  sha256: string;
  bytes: number;
};

/** By what a request, and the video that comes of it, is known: SHA-256 in hex. Parts that differ only in their order are the same. */
export function keyOf(parts: object): string {
  return createHash("sha256").update(canonical(parts)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined && part !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(",")}}`;
}
