import { IntlMessageFormat } from "intl-messageformat";
import { writeMoment } from "../../messages/moment.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { textOf } from "./texts/index.ts";
import type { BareKind, Language, Text } from "./texts/text.ts";

/** An answer of "no", in GraphQL and over HTTP (FND-29). */
export type RefusalBody = {
  message: string;
  extensions: { code: string; reason: string; details?: Record<string, unknown>; hint?: string };
};

/** The languages as Intl is asked for them: English with the dates of Europe. */
const locales = { ro: "ro-RO", en: "en-GB" } as const;

/** A refusal as somebody reads it in this language; code, reason and details are for programs and stay as they are. */
export function written({ code, reason, details }: Refusal, language: Language): RefusalBody {
  const text = textOf(code, reason);
  const message = text ? fill(text, details ?? {}, language) : code;
  return {
    message,
    extensions: { code, reason, ...(details ? { details } : {}), hint: message },
  };
}

/** An error for whoever runs a program of ours: a refusal in English, any other as it is. */
export function inEnglish(error: unknown): string {
  return error instanceof Refusal ? written(error, "en").message : (error as Error).message;
}

const formats = new Map<string, IntlMessageFormat>();

/** What of the text is known; a detail that is missing reads `none`, which a text may select. */
export function fill(text: Text, details: Readonly<Record<string, unknown>>, language: Language): string {
  const pattern = text[language];
  let format = formats.get(pattern);
  if (!format) {
    format = new IntlMessageFormat(pattern, locales[language], undefined, { ignoreTag: true });
    formats.set(pattern, format);
  }
  const values = Object.entries(text.details ?? {}).map(([name, kind]) => [
    name,
    valueFor(details[name], bare(kind), details.timezone, language),
  ]);
  return String(format.format(Object.fromEntries(values)));
}

export function bare(kind: string): BareKind {
  return kind.replace("?", "") as BareKind;
}

const NONE = "none";

function valueFor(value: unknown, kind: BareKind, timezone: unknown, language: Language): string | number {
  if (value === undefined || value === null || kind === "data") return NONE;
  switch (kind) {
    case "number":
      return Number.isFinite(Number(value)) ? Number(value) : String(value);
    case "instant":
      return instant(String(value), timezone, language);
    case "seconds":
      return lengthOfTime(Number(value), language);
    case "bytes":
      return size(Number(value), language);
    case "texts":
      return Array.isArray(value) ? value.join(", ") : String(value);
    default:
      return String(value);
  }
}

/** On the clock of the place it is about; a zone that this server does not know leaves the instant as it is. */
function instant(value: string, timezone: unknown, language: Language): string {
  try {
    return writeMoment(new Date(value), String(timezone), language);
  } catch {
    return value;
  }
}

/** In the unit that one would say it in, rounded up: whoever waits for as long need not wait again. */
function lengthOfTime(seconds: number, language: Language): string {
  const [unit, length] =
    seconds < 90
      ? (["second", 1] as const)
      : seconds < 90 * 60
        ? (["minute", 60] as const)
        : seconds < 48 * 3_600
          ? (["hour", 3_600] as const)
          : (["day", 86_400] as const);
  return new Intl.NumberFormat(locales[language], { style: "unit", unit, unitDisplay: "long" }).format(
    Math.ceil(seconds / length),
  );
}

const MEGABYTE = 1_048_576;

/** Limits are whole megabytes of 1,024 × 1,024 bytes, or thousands of bytes. */
function size(bytes: number, language: Language): string {
  const [unit, length] =
    bytes >= MEGABYTE ? (["megabyte", MEGABYTE] as const) : (["kilobyte", 1_000] as const);
  return new Intl.NumberFormat(locales[language], {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: 1,
  }).format(bytes / length);
}
