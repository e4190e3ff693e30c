import { Text, View } from "@react-pdf/renderer";
import { createElement as h } from "react";
import type { Drawn } from "../theme/context.ts";
import { paragraph } from "../theme/paragraph.ts";

/** Items with a dot or a number before each. */
export const list: Drawn<"list"> = ({ id, ordered, items, align, size, color }, context) => {
  const own = size ?? context.input.layout.font_size;
  const mark = own * (ordered ? 2 : 1.2);
  const inner = { ...context, width: context.width - mark };
  return items.map((runs, place) =>
    h(
      View,
      { key: `${id}.${place}`, style: { flexDirection: "row", marginBottom: own * 0.2 } },
      h(Text, { style: { width: mark, fontSize: own } }, ordered ? `${place + 1}.` : "•"),
      h(View, { style: { width: inner.width } }, paragraph(runs, inner, "item", { align, size, color })),
    ),
  );
};
