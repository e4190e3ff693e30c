import { Path, Svg, Text, View } from "@react-pdf/renderer";
import { createElement as h, type ReactElement } from "react";
import type { DocumentInput } from "../input.ts";
import { type Context, type Drawn, MM } from "../theme/context.ts";
import { paragraph } from "../theme/paragraph.ts";
import { picture, sides } from "../theme/picture.ts";
import { clean } from "../values/clean.ts";
import { written } from "../values/written.ts";

/** The signature that the document has for this block: a picture, strokes or a typed name; else a line to sign on. */
export const signature: Drawn<"signature"> = ({ id, label, width = 50, align, blocks = [] }, context) => {
  const wide = Math.min(width * MM, context.width);
  const inner = { ...context, width: wide };
  const signed = context.input.signature[id];
  return h(
    View,
    { key: id, wrap: false, style: { alignItems: sides[align ?? "left"], marginTop: 6, marginBottom: 6 } },
    h(View, { style: { width: wide } }, [
      ...(label ? [paragraph(label, inner, "label", { align, after: 4 })] : []),
      signed
        ? mark(signed, inner)
        : h(View, { key: "line", style: { height: 14 * MM, borderBottomWidth: 0.7 } }),
      ...(signed ? [under(signed, inner, blocks.length === 0, align)] : []),
      ...context.inside(blocks, inner, id),
    ]),
  );
};

type Align = keyof typeof sides;
type Signed = DocumentInput["signature"][string];

function mark({ objectKey, svg, typedName, name }: Signed, { width, pictures }: Context): ReactElement {
  if (objectKey) return h(View, { key: "mark" }, picture(pictures, objectKey, { width, alt: name ?? "" }));
  if (svg)
    return h(
      Svg,
      {
        key: "mark",
        viewBox: `0 0 ${svg.width} ${svg.height}`,
        style: { width, height: Math.min((width * svg.height) / svg.width, 300) },
      },
      h(Path, { d: svg.path, stroke: "#111111", strokeWidth: 2, fill: "none" }),
    );
  return h(
    Text,
    { key: "mark", style: { fontStyle: "italic", fontSize: 16, borderBottomWidth: 0.7 } },
    clean(typedName ?? name ?? ""),
  );
}

function under(
  { name, signedAt }: Signed,
  { writing }: Context,
  isNamed: boolean,
  textAlign: Align = "left",
): ReactElement {
  const words = [isNamed ? clean(name ?? "") : "", written(signedAt, "date_time", writing)];
  return h(
    Text,
    { key: "under", style: { fontSize: 8, color: "#5b6470", textAlign } },
    words.filter(Boolean).join(", "),
  );
}
