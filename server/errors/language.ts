import type { IncomingMessage } from "node:http";
import { asciiLower } from "../../providers/ascii_lower.ts";
import { sessionOf } from "../identity/session.ts";
import { type Language, languages } from "./texts/text.ts";

/** Who says nothing that we can read reads the language of the clinics we serve. */
const DEFAULT_LANGUAGE: Language = "ro";

/**
 * In which language a caller is answered (FND-29): their own, once they are known; else what the request accepts; else
 * Romanian. A visitor's request names a calendar or a token, never a clinic, so no clinic's language is asked for.
 */
export function languageOf(request: IncomingMessage | undefined): Language {
  const own = request && sessionOf(request)?.language;
  return own ?? acceptedLanguage(request?.headers["accept-language"]) ?? DEFAULT_LANGUAGE;
}

/** The one of ours that an Accept-Language header likes most (RFC 9110, 12.5.4); undefined when it names none. */
export function acceptedLanguage(header: string | undefined): Language | undefined {
  // What is longer than any browser's is not read to its end.
  const liked = (header ?? "")
    .slice(0, 500)
    .split(",")
    .flatMap((range) => {
      const [, tag = "", weight = "1"] =
        /^\s*([a-z]{2})(?:-[\w-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i.exec(range) ?? [];
      return isLanguage(asciiLower(tag)) && Number(weight) > 0
        ? [{ tag: asciiLower(tag), weight: Number(weight) }]
        : [];
    });
  // A stable sort: of two that are liked alike the first wins.
  const [best] = liked.sort((one, other) => other.weight - one.weight);
  return best && isLanguage(best.tag) ? best.tag : undefined;
}

function isLanguage(tag: unknown): tag is Language {
  return languages.some((language) => language === tag);
}
