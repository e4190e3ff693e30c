import { Text } from "@react-pdf/renderer";
import { createElement as h, type ReactElement } from "react";
import type { Run } from "../block_schemas.ts";
import { clean } from "../values/clean.ts";
import { lookUp } from "../values/look_up.ts";
import { written } from "../values/written.ts";
import type { Context } from "./context.ts";

type Style = {
  align?: "left" | "center" | "right" | "justify" | undefined;
  size?: number | undefined;
  color?: string | undefined;
  bold?: boolean;
  after?: number;
  /** So many points of other content must fit below it on the page. */
  ahead?: number;
};

/** One paragraph of runs. Where it names the page and stands on it, its words are known when the page is. */
export function paragraph(runs: Run[], context: Context, key: string, style: Style = {}): ReactElement {
  const { align, size, color, bold, after = 0, ahead } = style;
  const look = {
    ...(align ? { textAlign: align } : {}),
    ...(size ? { fontSize: size } : {}),
    ...(color ? { color } : {}),
    ...(bold ? { fontWeight: 700 as const } : {}),
    marginBottom: after,
  };
  const props = { key, style: look, ...(ahead ? { minPresenceAhead: ahead } : {}) };
  const isDynamic =
    !context.scope.page && runs.some((run) => "field" in run && run.field.startsWith("page."));
  if (!isDynamic) return h(Text, props, ...spans(runs, context));
  return h(Text, {
    ...props,
    render: ({ pageNumber, totalPages }) => {
      const page = { number: pageNumber, count: totalPages ?? 0 };
      return h(Text, null, ...spans(runs, { ...context, scope: { ...context.scope, page } }));
    },
  });
}

/** The words of runs, as they are written. */
export function wordsIn(runs: Run[], context: Context): string {
  return runs.map((run) => textOf(run, context)).join("");
}

function spans(runs: Run[], context: Context): (ReactElement | string)[] {
  const drawn = runs.map((run, place) => {
    const text = textOf(run, context);
    context.budget.take(text.length);
    if (!run.bold && !run.italic) return text;
    const style = {
      ...(run.bold ? { fontWeight: 700 as const } : {}),
      ...(run.italic ? { fontStyle: "italic" as const } : {}),
    };
    return h(Text, { key: place, style }, text);
  });
  // A paragraph without words is a line all the same.
  return drawn.every((one) => one === "") ? ["\u00a0"] : drawn;
}

function textOf(run: Run, { scope, writing }: Context): string {
  return clean("text" in run ? run.text : written(lookUp(run.field, scope), run.format, writing));
}
