import { View } from "@react-pdf/renderer";
import { createElement as h } from "react";
import type { Drawn } from "../theme/context.ts";

/** A line across. */
export const divider: Drawn<"divider"> = ({ id, color }, context) =>
  h(View, {
    key: id,
    style: {
      borderBottomWidth: 0.8,
      borderBottomColor: color ?? context.input.layout.color,
      marginVertical: 5,
    },
  });
