export const languages = ["ro", "en"] as const;
export type Language = (typeof languages)[number];

/** What one detail of a refusal holds; with `?` where only some of its refusals have it. */
export type Kind = BareKind | `${BareKind}?`;

/**
 * How a detail is written into a text: an instant on the clock of `timezone` beside it, seconds as a length of time,
 * bytes as a size, texts as a list. `data` is for programs and stands in no text.
 */
export type BareKind = "text" | "number" | "instant" | "timezone" | "seconds" | "bytes" | "texts" | "data";

/** What people read of one refusal, in ICU MessageFormat, and which details it carries. */
export type Text = { ro: string; en: string; details?: Readonly<Record<string, Kind>> };

/** By code and reason: `SLOT_TAKEN slot_taken`. */
export type Texts = Readonly<Record<`${string} ${string}`, Text>>;
