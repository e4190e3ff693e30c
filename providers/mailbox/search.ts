/** Whether every word that somebody typed stands in one of the texts, with or without diacritics, in any case. */
export function matches(typed: string, texts: string[]): boolean {
  const folded = fold(texts.join("\n"));
  return fold(typed)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
