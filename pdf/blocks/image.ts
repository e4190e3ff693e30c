import { View } from "@react-pdf/renderer";
import { createElement as h } from "react";
import { type Drawn, MM } from "../theme/context.ts";
import { picture, sides } from "../theme/picture.ts";

/** A file of the clinic, in millimetres, never wider than its place. */
export const image: Drawn<"image"> = ({ id, file, width, height, align, alt }, context) => {
  const named = context.input.images[file];
  if (!named) return null;
  return h(
    View,
    { key: id, wrap: false, style: { alignItems: sides[align ?? "left"], marginBottom: 4 } },
    picture(context.pictures, named.objectKey, {
      width: Math.min((width ?? 40) * MM, context.width),
      ...(height ? { height: height * MM } : {}),
      ...(alt ? { alt } : {}),
    }),
  );
};
