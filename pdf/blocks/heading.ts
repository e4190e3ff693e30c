import type { Drawn } from "../theme/context.ts";
import { paragraph } from "../theme/paragraph.ts";

const scale = { 1: 1.7, 2: 1.25, 3: 1.08 };

/** A title in the document's color, which never stands alone at the end of a page. */
export const heading: Drawn<"heading"> = ({ id, level = 1, content, align, size, color }, context) => {
  const { font_size, color: own } = context.input.layout;
  return paragraph(content, context, id, {
    align,
    size: size ?? font_size * scale[level as 1 | 2 | 3],
    color: color ?? own,
    bold: true,
    after: font_size * 0.5,
    ahead: font_size * 4,
  });
};
