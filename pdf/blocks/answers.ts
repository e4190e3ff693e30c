import { Text, View } from "@react-pdf/renderer";
import { createElement as h, type ReactElement } from "react";
import { z } from "zod";
import type { Context, Drawn } from "../theme/context.ts";
import { clean } from "../values/clean.ts";
import { written } from "../values/written.ts";

const form = z.looseObject({
  sections: z.array(
    z.looseObject({
      title: z.string().nullish(),
      answers: z.array(
        z.looseObject({
          kind: z.enum(["answer", "text"]).optional(),
          label: z.string().nullish(),
          value: z.unknown(),
        }),
      ),
    }),
  ),
});

/** What a form asked and what was answered, in its order. */
export const answers: Drawn<"answers"> = ({ id, show_texts, show_unanswered }, context) => {
  const read = form.safeParse(context.scope.data.form);
  if (!read.success) return null;
  return read.data.sections.flatMap(({ title, answers }, section) => {
    const shown = answers.filter(({ kind, value }) =>
      kind === "text" ? show_texts : show_unanswered || (value !== null && value !== ""),
    );
    if (shown.length === 0) return [];
    const key = `${id}.${section}`;
    return [
      ...(title
        ? [line(title, context, key, { bold: true, color: context.input.layout.color, ahead: 30 })]
        : []),
      ...shown.map(({ kind, label, value }, place) => {
        const text = written(value, undefined, context.writing);
        const at = `${key}.${place}`;
        if (kind === "text") return line(text, context, at, { after: 5 });
        return h(View, { key: at, style: { marginBottom: 5 } }, [
          line(label ?? "", context, "label", { color: "#5b6470", small: true, ahead: 14 }),
          line(text || "—", context, "value", {}),
        ]);
      }),
    ];
  });
};

type Look = { bold?: boolean; color?: string; small?: boolean; ahead?: number; after?: number };

function line(text: string, { budget, input }: Context, key: string, look: Look): ReactElement {
  const words = clean(text);
  budget.take(words.length);
  const size = input.layout.font_size;
  const style = {
    fontSize: look.small ? size * 0.85 : size,
    ...(look.bold ? { fontWeight: 700 as const, marginTop: 6, marginBottom: 3 } : {}),
    ...(look.color ? { color: look.color } : {}),
    ...(look.after ? { marginBottom: look.after } : {}),
  };
  return h(Text, { key, style, ...(look.ahead ? { minPresenceAhead: look.ahead } : {}) }, words || "\u00a0");
}
