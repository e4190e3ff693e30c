import { useContext, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { formTexts } from "../texts/forms/index.ts";
import { type Answers, type Content, textIn } from "./content.ts";
import { type FilePort, FormContext, idOf } from "./context.ts";
import { withAnswer } from "./group.tsx";
import { Items } from "./items.tsx";
import { shownOf } from "./visibility.ts";

/**
 * Shows any form: what is asked by the answers so far, and beside each answer what is wrong with it. A list of problems takes the
 * focus when it appears (`complaint` counts how often somebody was stopped) and leads to each of them.
 */
export function Form({
  content,
  answers,
  problems,
  complaint,
  files,
  onAnswers,
}: {
  content: Content;
  answers: Answers;
  problems: ReadonlyMap<string, string>;
  complaint: number;
  /** Where a form asks for files. */
  files?: FilePort;
  onAnswers(answers: Answers): void;
}) {
  const language = useContext(LanguageContext);
  const say = useTexts(formTexts);
  const shown = useMemo(() => shownOf(content.items, answers), [content, answers]);
  const context = useMemo(() => ({ problems, files }), [problems, files]);
  const list = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (complaint > 0) list.current?.focus();
  }, [complaint]);
  const intro = textIn(content.intro, language);

  return (
    <FormContext.Provider value={context}>
      {intro && <p class="lines">{intro}</p>}
      {problems.size > 0 && (
        <section
          class="notice bad"
          ref={list}
          tabIndex={-1}
          aria-label={say("problems", { count: problems.size })}
        >
          <p>{say("problems", { count: problems.size })}</p>
          <ul>
            {[...problems].map(([path, message]) => (
              <li key={path}>
                <a href={`#${idOf(path)}`} onClick={(event) => goTo(event, path)}>
                  {labelAt(path) ?? path}: {message}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Items
        shown={shown}
        answers={answers}
        outer=""
        onAnswer={(key, answer) => onAnswers(withAnswer(answers, key, answer))}
      />
    </FormContext.Provider>
  );

  /** What the field is called where the problem stands, by the snapshot. */
  function labelAt(path: string): string | undefined {
    const key = path
      .split(".")
      .at(-1)
      ?.replace(/\[\d+\]$/, "");
    const find = (items: Content["items"]): string | undefined => {
      for (const item of items) {
        if (item.key === key) return textIn(item.label, language) || undefined;
        const inner = item.type === "group" ? find(item.items) : undefined;
        if (inner) return inner;
      }
      return undefined;
    };
    return find(content.items);
  }
}

/** The address stays as it is: what stands behind its # may be a token. */
function goTo(event: Event, path: string): void {
  event.preventDefault();
  const place = document.getElementById(idOf(path));
  const control = place?.matches("fieldset")
    ? place.querySelector<HTMLElement>("input, button, select")
    : place;
  (control ?? place)?.focus();
  place?.scrollIntoView({ block: "center" });
}
