/**
 * Text as a page can carry it. Composed letters (s with a comma below is one), no control characters, nothing that turns the
 * direction of what follows, nothing invisible; spaces and hyphens that the fonts lack become those that they have. Lines stay.
 */
export function clean(text: string): string {
  return text
    .normalize("NFC")
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, "\n")
    .replace(/[\t\u2000-\u200a\u205f\u3000]/g, " ")
    .replace(/\u202f/g, "\u00a0")
    .replace(/[\u2010\u2011]/g, "-")
    .replace(INVISIBLE, "")
    .replace(/\S{49,}/g, breakable);
}

/** Controls but the line's end, marks and turns of direction, joiners, private letters; then variation selectors and tags. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Co}]|\p{Variation_Selector}|[\u{e0000}-\u{e007f}]/gu;

/** A word longer than any line may break after each twenty-four letters, where a line ends there. */
function breakable(word: string): string {
  return [...word]
    .flatMap((letter, place) => (place > 0 && place % 24 === 0 ? [BREAK, letter] : [letter]))
    .join("");
}

/** Where a long word may be parted: textkit breaks after it, and no reader of the text sees it. */
const BREAK = "\u200b";
