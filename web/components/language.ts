export type Language = "ro" | "en";

/** What the browser likes best of what we have; Romanian where it names none of both. */
export function languageOfBrowser(): Language {
  const liked = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return liked.find((tag) => tag === "ro" || tag === "en") === "en" ? "en" : "ro";
}

export function asLanguage(locale: string | null | undefined): Language | undefined {
  const tag = locale?.slice(0, 2).toLowerCase();
  return tag === "ro" || tag === "en" ? tag : undefined;
}
