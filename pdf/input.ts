import { z } from "zod";
import { block } from "./block_schemas.ts";

/**
 * What a document is rendered from (app_private.document_input): everything that decides its bytes, frozen when it was issued.
 * Instants are ISO with an offset; how they are written is decided here, by the document's locale and time zone.
 * Shapes are strict, so that a property nobody knows, such as an address to load a picture from, is refused and not passed by.
 */
export const documentInput = z.strictObject({
  document: z.strictObject({
    id: z.uuid(),
    kind: z.enum(["report", "prescription", "form"]),
    number: z.union([z.string(), z.number()]).nullish(),
    title: z.string().max(500),
    locale: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
    timezone: z.string().max(64).refine(isTimeZone, "unknown time zone"),
    issuedAt: z.iso.datetime({ offset: true }),
  }),
  layout: z.strictObject({
    paper: z.enum(["A4", "A5", "Letter"]),
    orientation: z.enum(["portrait", "landscape"]),
    margins: z.strictObject({ top: margin(), right: margin(), bottom: margin(), left: margin() }),
    font_size: z.number().min(6).max(24),
    color: z.string().regex(/^#[0-9a-fA-F]{6}$/),
  }),
  letterhead: component(),
  footer: component(),
  blocks: z.array(block),
  data: z.record(z.string(), z.unknown()),
  images: z.record(
    z.uuid(),
    z.strictObject({ objectKey: z.string(), sha256: sha256(), contentType: picture() }),
  ),
  signature: z.record(
    z.string(),
    z.strictObject({
      objectKey: z.string().optional(),
      contentType: picture().optional(),
      svg: z
        .strictObject({
          path: z
            .string()
            .max(200_000)
            .regex(/^[MLQCZmlqcz0-9eE\s.,+-]*$/),
          width: z.number().positive().max(10_000),
          height: z.number().positive().max(10_000),
        })
        .optional(),
      typedName: z.string().max(200).nullish(),
      sha256: sha256().nullish(),
      name: z.string().nullable(),
      signedAt: z.iso.datetime({ offset: true }).nullable(),
    }),
  ),
  proof: z.looseObject({ sha256: sha256(), signer: z.string().nullish() }).nullable(),
});

export type DocumentInput = z.output<typeof documentInput>;

/** The bytes of pictures by their object's key; nothing else is ever loaded. */
export type Pictures = Map<string, Uint8Array>;

/** The objects that an input names, each once. */
export function picturesOf(input: DocumentInput): { objectKey: string; sha256: string | null | undefined }[] {
  const named = [...Object.values(input.images), ...Object.values(input.signature)];
  const byKey = new Map(
    named.flatMap(({ objectKey, sha256 }) =>
      objectKey ? [[objectKey, { objectKey, sha256 }] as const] : [],
    ),
  );
  return [...byKey.values()];
}

/** What a letterhead or a footer holds; its blocks are null where its component is gone. */
function component() {
  return z.strictObject({ blocks: z.array(block).max(500).nullable() }).nullable();
}

function margin() {
  return z.number().min(0).max(60);
}

function sha256() {
  return z.string().regex(/^[0-9a-f]{64}$/);
}

function picture() {
  return z.enum(["image/png", "image/jpeg"]);
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
