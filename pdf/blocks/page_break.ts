import { View } from "@react-pdf/renderer";
import { createElement as h } from "react";
import type { Drawn } from "../theme/context.ts";

/** What follows begins a page. */
export const pageBreak: Drawn<"page_break"> = ({ id }) =>
  h(View, { key: id, break: true, style: { height: 0 } });
