import { Image } from "@react-pdf/renderer";
import { createElement as h, type ReactElement } from "react";
import type { Pictures } from "../input.ts";

/** Where a part of the page stands, for its alignment. */
export const sides = {
  left: "flex-start",
  center: "center",
  right: "flex-end",
  justify: "flex-start",
} as const;

/** Points; a picture that would be taller becomes smaller. */
const TALLEST = 400;
/** What a picture unpacks to is held in memory at once. */
const MOST_PIXELS = 16_000_000;

/** A picture whose bytes were handed in. One that was not ends the rendering: nothing is loaded from elsewhere. */
export function picture(
  pictures: Pictures,
  objectKey: string,
  { width, height, alt }: { width: number; height?: number; alt?: string },
): ReactElement {
  const bytes = pictures.get(objectKey);
  if (!bytes) throw new PictureMissing(objectKey);
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = sizeOf(data);
  if (!size || size.width * size.height > MOST_PIXELS) throw new PictureUnreadable(objectKey);
  const tall = height ?? (width * size.height) / size.width;
  const shrunk = Math.min(1, TALLEST / tall);
  return h(Image, {
    src: { data, format: size.format },
    cache: false,
    style: { width: width * shrunk, height: tall * shrunk, objectFit: "contain" },
    ...(alt ? { alt } : {}),
  });
}

/** A picture is named whose bytes are not there. */
export class PictureMissing extends Error {
  override name = "PictureMissing";
}

/** Bytes that are no picture, or one too large to unpack. */
export class PictureUnreadable extends Error {
  override name = "PictureUnreadable";
}

type Size = { width: number; height: number; format: "png" | "jpg" };

/** How many pixels a PNG or a JPEG says that it has. */
function sizeOf(data: Buffer): Size | null {
  if (data.length > 24 && data.readUInt32BE(0) === 0x89504e47)
    return real({ width: data.readUInt32BE(16), height: data.readUInt32BE(20), format: "png" });
  if (data.length < 4 || data.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 < data.length && data[at] === 0xff) {
    const marker = data[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame)
      return real({ width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5), format: "jpg" });
    at += 2 + data.readUInt16BE(at + 2);
  }
  return null;
}

function real(size: Size): Size | null {
  return size.width > 0 && size.height > 0 ? size : null;
}
