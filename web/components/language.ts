export type Language = "ro" | "en";

/** The languages as Intl is asked for them: English with the dates of Europe. */
export const locales = { ro: "ro-RO", en: "en-GB" } as const;

/** What the browser likes best of what we have; Romanian where it names none of both. */
export function languageOfBrowser(): Language {
  return likedLanguage() ?? "ro";
}

/** The same, undefined where it names none of both. */
export function likedLanguage(): Language | undefined {
  return navigator.languages.map(asLanguage).find((liked) => liked !== undefined);
}

export function asLanguage(locale: string | null | undefined): Language | undefined {
  const tag = locale?.slice(0, 2).toLowerCase();
  return tag === "ro" || tag === "en" ? tag : undefined;
}
