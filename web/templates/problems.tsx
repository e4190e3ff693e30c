import { useLayoutEffect, useRef } from "preact/hooks";
import type { Say } from "../components/texts.ts";
import { useTexts } from "../components/texts.ts";
import { templateTexts } from "../texts/templates/index.ts";
import type { Problem } from "./live.ts";

/** What a person can mend; anything else is told as "not right", with its code. */
const known = [
  "block_not_here",
  "collection_unknown",
  "columns_or_options",
  "component_unknown",
  "field_unknown",
  "format_unknown",
  "id_twice",
  "image_unknown",
  "key_twice",
  "not_a_number",
  "not_a_whole_number",
  "not_of_this_shape",
  "operator_unknown",
  "out_of_range",
  "required",
  "rows_or_collection",
  "too_deep",
  "too_few",
  "too_large",
  "too_long",
  "too_many",
  "url_refused",
  "value_not_usable",
] as const;

/** What the API found wrong, in words, by path. */
export function wordsOf(
  problems: readonly Problem[],
  say: Say<`problem_${(typeof known)[number]}` | "problem">,
): Map<string, string> {
  return new Map(
    problems.map(({ path, reason, details }) => {
      const word = known.find((one) => one === reason);
      return [
        path,
        word ? say(`problem_${word}`, { bound: details?.bound ?? "" }) : `${say("problem")} ${reason}`,
      ];
    }),
  );
}

/** The problems at a place and inside of it, by their paths from there. */
export function problemsUnder(problems: ReadonlyMap<string, string>, path: string): Map<string, string> {
  const under = new Map<string, string>();
  for (const [place, words] of problems)
    if (place === path || place.startsWith(`${path}.`) || place.startsWith(`${path}[`))
      under.set(`$${place.slice(path.length)}`, words);
  return under;
}

/** All that is wrong, each leading to where it is. It takes the focus when somebody was stopped by it. */
export function ProblemList({
  problems,
  complaint,
  nameOf,
  onGo,
}: {
  problems: ReadonlyMap<string, string>;
  /** How often somebody was stopped. */
  complaint: number;
  /** What stands at a path, in words. */
  nameOf(path: string): string;
  onGo(path: string): void;
}) {
  const say = useTexts(templateTexts);
  const list = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (complaint > 0) list.current?.focus();
  }, [complaint]);
  if (problems.size === 0) return null;
  return (
    <section ref={list} tabIndex={-1} class="notice bad" aria-labelledby="problems">
      <h2 id="problems">{say("problems", { count: problems.size })}</h2>
      <ul class="plain">
        {[...problems].map(([path, words]) => (
          <li key={path}>
            <button type="button" class="plain" onClick={() => onGo(path)}>
              {nameOf(path)}: {words}
            </button>{" "}
            <span class="code">{path}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
