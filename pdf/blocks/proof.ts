import { Text, View } from "@react-pdf/renderer";
import { createElement as h } from "react";
import type { Drawn } from "../theme/context.ts";
import { clean } from "../values/clean.ts";
import { written } from "../values/written.ts";
import type { Words } from "../words.ts";

/** The most that 64 characters of a digest are wide, in sizes of the font. */
const DIGEST = 64 * 0.6;

/**
 * The proof of a signature (CNS-07): who, when, how, the digests of what was shown and answered, and how to verify it. Digests are
 * of one piece, so that whoever copies one from the page has it whole: on narrow paper they have a line of their own.
 */
export const proof: Drawn<"proof"> = ({ id }, context) => {
  const { proof: given } = context.input;
  if (!given) return null;
  const { words, writing, input } = context;
  const coded = (value: unknown) => (typeof value === "string" ? (words.codes[value] ?? value) : value);
  const listed = (value: unknown) => (Array.isArray(value) ? (value as Record<string, unknown>[]) : []);
  const size = Math.min(input.layout.font_size * 0.85, 9);
  const isNarrow = (context.width * 0.68) / DIGEST < size * 0.85;
  const small = Math.min(size, (context.width * (isNarrow ? 1 : 0.68)) / DIGEST);

  const rows: [keyof Words, unknown][] = [
    ["signer", given.signer],
    ["relationship", coded(given.relationship)],
    ["signedAt", given.signedAt],
    ["mode", [coded(given.mode), coded(given.signature)].filter(Boolean).join(", ")],
    ["typedName", given.typedName],
    ["identified", coded(given.identifiedBy)],
    ["address", given.address],
    ["device", given.userAgent],
    ["form", given.formId],
    ["version", given.templateVersion],
    ["purposes", listed(given.purposes).map(({ code, version }) => `${code} (v${version})`)],
    ["format", [given.format, coded(given.level)].filter(Boolean).join(", ")],
    ["record", given.sha256],
    ["content", given.contentSha256],
    ["text", given.textSha256],
    ["answers", given.answersSha256],
    ...listed(given.attachments).map(({ name, sha256 }): [keyof Words, unknown] => [
      "attachment",
      `${name}\n${sha256}`,
    ]),
    ["events", eventsIn(given.events)],
  ];
  return h(View, { key: id, style: { marginTop: 8 } }, [
    h(
      Text,
      {
        key: "title",
        minPresenceAhead: 40,
        style: { fontWeight: 700, color: input.layout.color, fontSize: input.layout.font_size * 1.15 },
      },
      words.proof,
    ),
    ...rows.flatMap(([word, value], place) => {
      const text = whole(written(value, word === "signedAt" ? "date_time" : undefined, writing));
      if (!text) return [];
      const hasDigest = /[0-9a-f]{64}/.test(text);
      const [left, right] = hasDigest && isNarrow ? ["100%", "100%"] : ["32%", "68%"];
      return [
        h(
          View,
          { key: place, wrap: false, style: { flexDirection: "row", flexWrap: "wrap", marginTop: 2 } },
          h(Text, { style: { width: left, fontSize: size, color: "#5b6470" } }, words[word] as string),
          h(Text, { style: { width: right, fontSize: hasDigest ? small : size } }, text),
        ),
      ];
    }),
    h(Text, { key: "verify", style: { marginTop: 6, fontSize: size } }, words.verify),
  ]);
};

/** Digests fit a line of their own, so no place to part them is put in. */
function whole(text: string): string {
  return clean(text).replace(/[0-9a-f\u200b]{64,}/g, (digest) => digest.replaceAll("\u200b", ""));
}

function eventsIn(events: unknown): string {
  if (typeof events !== "object" || events === null) return "";
  const { count, head } = events as { count?: number; head?: string };
  return `${count ?? 0}${head ? `\n${head}` : ""}`;
}
