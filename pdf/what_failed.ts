import type { Rejection } from "./rejection.ts";
import { TooLong } from "./theme/context.ts";
import { PictureMissing, PictureUnreadable } from "./theme/picture.ts";
import { UnknownOperator } from "./values/look_up.ts";

export type Failure = { rejection: Rejection; detail: string };

/** What an error of the renderer means for the document; null for what is a fault of ours. */
export function whatFailed(error: unknown): Failure | null {
  if (error instanceof TooLong) return { rejection: "too_long", detail: "" };
  if (error instanceof PictureMissing) return { rejection: "picture_missing", detail: error.message };
  if (error instanceof PictureUnreadable) return { rejection: "picture_not_readable", detail: error.message };
  if (error instanceof UnknownOperator) return { rejection: "condition_unknown", detail: error.message };
  // Blocks inside blocks, deeper than anything that a person makes.
  if (error instanceof RangeError) return { rejection: "too_complex", detail: "" };
  // What the pagination says where letterhead and footer leave no room for anything else.
  if (error instanceof Error && /^\[layout\]/.test(error.message))
    return { rejection: "chrome_too_tall", detail: "" };
  return null;
}
