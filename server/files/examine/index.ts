import { fileTypeFromBuffer } from "file-type";
import { jpeg } from "./jpeg.ts";
import { pdf } from "./pdf.ts";
import { png } from "./png.ts";
import type { Format, Rejection } from "./rejection.ts";
import { hasSecondType } from "./second_type.ts";
import { webp } from "./webp.ts";

export type { Format, Rejection } from "./rejection.ts";

/** Every type that app_private.file_types lists, and no other. */
export const formats: Record<string, Format> = {
  "application/pdf": pdf,
  "image/png": png,
  "image/jpeg": jpeg,
  "image/webp": webp,
};

/** What telephones name their photos, whatever they send them as. */
const heic = /^ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)/;

/**
 * Whether bytes are a file of this type and of no other (FND-13). What was announced and what the browser said
 * count for nothing here. A file that two programs read as two things is refused, however fine it is as one:
 * what a viewer shows must be what every other program finds.
 */
export async function examine(bytes: Buffer, contentType: string): Promise<Rejection | null> {
  const format = formats[contentType];
  const start = format?.begins(bytes) ?? -1;
  if (!format || start === -1) {
    return heic.test(bytes.toString("latin1", 4, 12)) ? "heic" : "type_mismatch";
  }
  // Ours has said yes; a second opinion knows the relatives that begin alike (animated PNG, Illustrator).
  const seen = await fileTypeFromBuffer(new Uint8Array(bytes.subarray(start))).catch(() => undefined);
  if (seen?.mime !== contentType) return "type_mismatch";
  if (hasSecondType(bytes)) return "second_type";
  return await format.read(bytes);
}
