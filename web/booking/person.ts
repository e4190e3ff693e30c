import { refusalOf } from "../../client/refused.ts";
import { problemsOf } from "../forms/check.ts";
import type { Answers, Content, Localized } from "../forms/content.ts";
import { shownOf } from "../forms/visibility.ts";
import { bookingTexts } from "../texts/booking/index.ts";

type Key = Parameters<ReturnType<typeof bookingTexts>>[0];
/** A text of ours where a form wants one in both languages. */
export const inBoth = (key: Key): Localized => ({ ro: bookingTexts("ro")(key), en: bookingTexts("en")(key) });

/** Who comes: what the clinic needs to confirm a time, and to reach whoever asked for it. */
export const personItems: Content["items"] = [
  { key: "givenName", type: "text", label: inBoth("given_name"), required: true, autocomplete: "given-name" },
  {
    key: "familyName",
    type: "text",
    label: inBoth("family_name"),
    required: true,
    autocomplete: "family-name",
  },
  { key: "email", type: "email", label: inBoth("email"), help: inBoth("email_help"), required: true },
  { key: "phone", type: "phone", label: inBoth("phone"), help: inBoth("phone_help"), required: true },
];
/** What a booking asks: the same, and what the clinic should know before. */
export const bookingItems: Content["items"] = [
  ...personItems,
  {
    key: "message",
    type: "long_text",
    label: inBoth("message"),
    help: inBoth("message_help"),
    max_length: 2_000,
  },
];

export const formOf = (items: Content["items"]): Content => ({ format: 1, title: {}, items });

/** What a page can tell by itself. */
export const missingIn = (items: Content["items"], typed: Answers) =>
  problemsOf(shownOf(items, typed), typed);

/** What the API says about one of these fields, in its words; null where it is about something else. */
export function problemOf(error: unknown, items: Content["items"]): Map<string, string> | null {
  const refusal = refusalOf(error, "VALIDATION");
  const { field } = (refusal?.details ?? {}) as { field?: unknown };
  if (!refusal || typeof field !== "string") return null;
  // A column spells its name in another way than the field does.
  const name = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (!items.some(({ key }) => key === name)) return null;
  return new Map([[name, (error as Error).message]]);
}
