import { View } from "@react-pdf/renderer";
import { createElement as h } from "react";
import { type Drawn, MM } from "../theme/context.ts";

/** Free room, in millimetres. */
export const spacer: Drawn<"spacer"> = ({ id, height = 5 }) =>
  h(View, { key: id, style: { height: height * MM } });
