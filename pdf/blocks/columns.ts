import { View } from "@react-pdf/renderer";
import { createElement as h } from "react";
import type { Drawn } from "../theme/context.ts";

const GAP = 10;

/** Blocks beside each other; a column without a width takes an equal share of what the others leave. */
export const columns: Drawn<"columns"> = ({ id, columns }, context) => {
  const left = 100 - columns.reduce((sum, { width = 0 }) => sum + width, 0);
  const open = columns.filter(({ width }) => width === undefined).length;
  const shares = columns.map(({ width }) => width ?? Math.max(left, open) / open);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const room = context.width - GAP * (columns.length - 1);
  return h(
    View,
    { key: id, style: { flexDirection: "row" } },
    columns.map(({ blocks }, place) => {
      const width = ((shares[place] ?? 0) / whole) * room;
      const marginRight = place < columns.length - 1 ? GAP : 0;
      return h(
        View,
        { key: place, style: { width, marginRight } },
        context.inside(blocks, { ...context, width }, `${id}.${place}`),
      );
    }),
  );
};
