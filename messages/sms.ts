/** The longest text we send: more parts cost more and are read by nobody. */
export const LONGEST_TEXT = 480;

// GSM 03.38, the alphabet of SMS: https://www.3gpp.org/dynareport/23038.htm. Those of the extension count twice.
const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const extension = new Set("\f^{}\\[~]|€");

/** Letters and marks of Romanian and of typography, as people write them on a telephone without them. */
const folded: Record<string, string> = {
  ...{ ă: "a", â: "a", î: "i", ș: "s", ț: "t", ş: "s", ţ: "t" },
  ...{ Ă: "A", Â: "A", Î: "I", Ș: "S", Ț: "T", Ş: "S", Ţ: "T" },
  ...{ "„": '"', "”": '"', "“": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " " },
};

/**
 * How many parts an operator makes of a text (FND-15): 160 characters of the GSM alphabet fit one, 153 each of
 * several; a single letter outside of it makes that 70 and 67.
 */
export function countParts(text: string): number {
  const characters = [...text];
  const isGsm = characters.every((character) => basic.has(character) || extension.has(character));
  const length = isGsm
    ? characters.reduce((sum, character) => sum + (extension.has(character) ? 2 : 1), 0)
    : text.length; // UTF-16 units, as UCS-2 counts
  const [one, each] = isGsm ? [160, 153] : [70, 67];
  return length <= one ? 1 : Math.ceil(length / each);
}

/**
 * The text as it is sent: with its diacritics where it fits one part with them, without where they would make it
 * more. What is too long all the same, because of a long name, ends in dots.
 */
export function fitForSms(text: string): string {
  const plain = [...text].map((character) => folded[character] ?? character).join("");
  const chosen = countParts(plain) < countParts(text) ? plain : text;
  return shorten(chosen);
}

/** Cuts a text at the longest we send. */
export function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 3).trimEnd()}...`;
}
