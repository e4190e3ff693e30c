import type { Drawn } from "../theme/context.ts";
import { paragraph } from "../theme/paragraph.ts";

/** Paragraphs. */
export const text: Drawn<"text"> = ({ id, paragraphs, align, size, color }, context) =>
  paragraphs.map((runs, place) =>
    paragraph(runs, context, `${id}.${place}`, {
      align,
      size,
      color,
      after: place === paragraphs.length - 1 ? (size ?? context.input.layout.font_size) * 0.6 : 0,
    }),
  );
