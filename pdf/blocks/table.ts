import { View } from "@react-pdf/renderer";
import { createElement as h, type ReactElement } from "react";
import type { Run } from "../block_schemas.ts";
import type { Context, Drawn } from "../theme/context.ts";
import { paragraph, wordsIn } from "../theme/paragraph.ts";
import { rowsOf } from "../values/look_up.ts";

/** A row of more words than these may be parted between pages; shorter ones stay whole. */
const WHOLE_ROW = 1_200;

/** A table of a collection's rows, or of cells that are given; its head is repeated on every page that it reaches. */
export const table: Drawn<"table"> = ({ id, over, columns, rows = [], size, align: own }, context) => {
  const { font_size, color } = context.input.layout;
  const padding = (size ?? font_size) * 0.3;
  const beside = padding * 1.6; // numbers at the right, and words beside them at the left
  const left = 100 - columns.reduce((sum, { width = 0 }) => sum + width, 0);
  const open = columns.filter(({ width }) => width === undefined).length;
  const shares = columns.map(({ width }) => width ?? Math.max(left, open) / open);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const widths = shares.map((share) => (share / whole) * context.width);

  const row = (cells: Run[][], inner: Context, key: string, isHead = false): ReactElement => {
    const isShort = cells.reduce((sum, runs) => sum + wordsIn(runs, inner).length, 0) <= WHOLE_ROW;
    return h(
      View,
      {
        key,
        wrap: !isShort && !isHead,
        ...(isHead ? { fixed: isShort } : {}),
        style: {
          flexDirection: "row",
          borderBottomWidth: isHead ? 1 : 0.5,
          borderBottomColor: isHead ? color : "#c9ced6",
        },
      },
      columns.map(({ align = own }, place) =>
        h(
          View,
          { key: place, style: { width: widths[place] ?? 0, padding, paddingHorizontal: beside } },
          paragraph(cells[place] ?? [], inner, "cell", {
            align,
            size,
            ...(isHead ? { bold: true, color } : {}),
          }),
        ),
      ),
    );
  };

  const heads = columns.map(({ header = [] }) => header);
  const body = over
    ? rowsOf(over, context.scope).map((item, place) =>
        row(
          columns.map(({ cell = [] }) => cell),
          { ...context, scope: { ...context.scope, item } },
          `row.${place}`,
        ),
      )
    : rows.map((cells, place) => row(cells, context, `row.${place}`));
  return h(View, { key: id, style: { marginBottom: font_size * 0.8 } }, [
    ...(heads.some((head) => head.length > 0) ? [row(heads, context, "head", true)] : []),
    ...body,
  ]);
};
