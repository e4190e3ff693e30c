import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Language } from "./language.ts";
import { LanguageContext } from "./texts.ts";

/** The frame of every page: whose it is, in which language, and what it is about. */
export function PageFrame({
  name,
  title,
  language,
  onLanguage,
  children,
}: {
  /** Whose page it is: the clinic, once it is known. */
  name: string;
  title: string;
  language: Language;
  onLanguage(language: Language): void;
  children: ComponentChildren;
}) {
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = name ? `${title} · ${name}` : title;
  }, [language, title, name]);
  return (
    <LanguageContext.Provider value={language}>
      <header class="top">
        <p class="name">{name}</p>
        <fieldset class="languages" aria-label={language === "ro" ? "Limba paginii" : "Language of the page"}>
          {(["ro", "en"] as const).map((one) => (
            <button
              type="button"
              key={one}
              lang={one}
              aria-pressed={one === language}
              aria-label={one === "ro" ? "Română" : "English"}
              onClick={() => onLanguage(one)}
            >
              {one.toUpperCase()}
            </button>
          ))}
        </fieldset>
      </header>
      <main>{children}</main>
    </LanguageContext.Provider>
  );
}

/**
 * The heading of a step: it takes the focus when the step appears, so that the step is read from its beginning. At once, as
 * everywhere where the focus moves: a moment later it would take it from whoever has gone on.
 */
export function StepHeading({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** Says that something is awaited, to eyes and ears. */
export function Waiting({ children }: { children: ComponentChildren }) {
  return (
    <p class="waiting" role="status">
      {children}
    </p>
  );
}
