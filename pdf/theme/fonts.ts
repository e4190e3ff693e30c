import { fileURLToPath } from "node:url";
import { Font } from "@react-pdf/renderer";

/**
 * The fonts of every document, files of this folder: Open Sans for Latin, Greek, Cyrillic and Hebrew, with the comma-below ș and
 * ț; DejaVu Sans for the signs and letters that it lacks. Only the glyphs of a document are embedded in it.
 */
export const families = ["Open Sans", "DejaVu Sans"];

export function registerFonts(): void {
  const file = (name: string) => fileURLToPath(new URL(`../fonts/${name}.ttf`, import.meta.url));
  Font.register({
    family: "Open Sans",
    fonts: [
      { src: file("OpenSans-Regular") },
      { src: file("OpenSans-Bold"), fontWeight: 700 },
      { src: file("OpenSans-Italic"), fontStyle: "italic" },
      { src: file("OpenSans-BoldItalic"), fontWeight: 700, fontStyle: "italic" },
    ],
  });
  Font.register({
    family: "DejaVu Sans",
    fonts: [
      { src: file("DejaVuSans") },
      { src: file("DejaVuSans"), fontWeight: 700 },
      { src: file("DejaVuSans"), fontStyle: "italic" },
      { src: file("DejaVuSans"), fontWeight: 700, fontStyle: "italic" },
    ],
  });
  // A word is never hyphenated: names, doses and measures stay as they are written.
  Font.registerHyphenationCallback((word) => [word]);
}

/**
 * Opens the fonts anew, for one document. A font remembers which letter it took a glyph for when it first met it, and a glyph that
 * it first met as a part of another one (the s of ș) would have no letter in the documents that follow.
 */
export function openFonts(): void {
  const registered = Font.getRegisteredFonts() as Record<string, { sources: Source[] }>;
  for (const family of families)
    for (const source of registered[family]?.sources ?? []) {
      source.data = null;
      source.loadResultPromise = null;
    }
}

/** What the renderer keeps of a font that it has opened. */
type Source = { data: unknown; loadResultPromise: unknown };
