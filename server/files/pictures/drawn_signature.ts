import { examine } from "../examine/index.ts";
import type { Rejection } from "../examine/rejection.ts";
import { decodePng } from "./decode_png.ts";
import { encodePng } from "./encode_png.ts";

/** A signature is strokes on a plain ground; a photograph of a page is none. */
export const LARGEST_SIGNATURE = { bytes: 262_144, width: 1_600, height: 800 } as const;

/**
 * The picture of a signature, written anew from its pixels (CNS-05, SPC-04): what else a file carried is gone, when and with
 * which hand or program it was drawn included. What says that it is large is refused before anything is unpacked.
 */
export async function drawnSignature(bytes: Buffer): Promise<Buffer | Rejection> {
  if (bytes.length > LARGEST_SIGNATURE.bytes || saysItIsLarge(bytes)) return "too_many_pixels";
  const rejection = await examine(bytes, "image/png");
  if (rejection) return rejection;
  const pixels = decodePng(bytes);
  if (!pixels) return "malformed";
  const written = encodePng(pixels);
  if (written.length > LARGEST_SIGNATURE.bytes) return "too_complex"; // noise, no strokes
  return written;
}

function saysItIsLarge(bytes: Buffer): boolean {
  const isPng = bytes.length >= 24 && bytes.toString("latin1", 1, 4) === "PNG";
  const { width, height } = LARGEST_SIGNATURE;
  return isPng && (bytes.readUInt32BE(16) > width || bytes.readUInt32BE(20) > height);
}
