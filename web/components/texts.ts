import { IntlMessageFormat } from "intl-messageformat";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Language, locales } from "./language.ts";

/** Which language the page is in. */
export const LanguageContext = createContext<Language>("ro");

type Values = Record<string, string | number>;
export type Say<Key extends string> = (key: Key, values?: Values) => string;

/** The texts of an area in both languages, as a function of one. A key that one of them lacks does not type-check. */
export function textsOf<Key extends string>(
  texts: Record<Language, Record<Key, string>>,
): (language: Language) => Say<Key> {
  const formats = new Map<string, IntlMessageFormat>();
  return (language) => (key, values) => {
    const text = texts[language][key];
    if (!values) return text;
    const id = `${language} ${key}`;
    const format =
      formats.get(id) ?? new IntlMessageFormat(text, locales[language], undefined, { ignoreTag: true });
    formats.set(id, format);
    return String(format.format(values));
  };
}

export function useTexts<Key extends string>(texts: (language: Language) => Say<Key>): Say<Key> {
  return texts(useContext(LanguageContext));
}
