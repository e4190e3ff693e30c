import { fileTypeFromBuffer } from "file-type";
import { jpeg } from "./jpeg.ts";
import { pdf } from "./pdf.ts";
import { png } from "./png.ts";
import { hasSecondType } from "./second_type.ts";
import { webp } from "./webp.ts";

/** Why bytes are not what was announced; the same words as in files_rejection_is_known. */
export type Rejection = "type_mismatch" | "second_type" | "malformed" | "size_mismatch" | "digest_mismatch";

/** How a type is told and read. */
export type Format = {
  /** Whether the bytes begin as this type does, at the very first byte. */
  begins(bytes: Buffer): boolean;
  /**
   * Reads the structure to its end: "whole" when it ends where the bytes end, "trailed" when something else
   * follows, "broken" when it cannot be read.
   */
  read(bytes: Buffer): "whole" | "trailed" | "broken";
};

/** Every type that app_private.file_types lists, and no other. */
export const formats: Record<string, Format> = {
  "application/pdf": pdf,
  "image/png": png,
  "image/jpeg": jpeg,
  "image/webp": webp,
};

/**
 * Whether bytes are a file of this type and of no other (FND-13). What was announced and what the browser said
 * count for nothing here. A file that two programs read as two things is refused, however fine it is as one:
 * what a viewer shows must be what every other program finds.
 */
export async function examine(bytes: Buffer, contentType: string): Promise<Rejection | null> {
  const format = formats[contentType];
  if (!format?.begins(bytes)) return "type_mismatch";
  // Ours has said yes; a second opinion knows the relatives that begin alike (animated PNG, Illustrator).
  const seen = await fileTypeFromBuffer(new Uint8Array(bytes)).catch(() => undefined);
  if (seen?.mime !== contentType) return "type_mismatch";
  if (hasSecondType(bytes)) return "second_type";
  const found = format.read(bytes);
  return found === "whole" ? null : found === "trailed" ? "second_type" : "malformed";
}
