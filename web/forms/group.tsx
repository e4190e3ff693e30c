import type { FunctionComponent } from "preact";
import { useContext, useLayoutEffect, useRef } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { formTexts } from "../texts/forms/index.ts";
import { pathOfEntry } from "./check.ts";
import { type Answer, type Answers, type GroupItem, textIn } from "./content.ts";
import { idOf, useForm } from "./context.ts";
import { entriesOf, type Shown } from "./visibility.ts";

/** What shows items; a group is one of them, and holds some. */
type Level = {
  shown: readonly Shown[];
  answers: Answers;
  /** The path of the entry that these items stand in; empty at the top. */
  outer: string;
  onAnswer(key: string, answer: Answer | undefined): void;
};
export type LevelComponent = FunctionComponent<Level>;

type Props = {
  group: GroupItem;
  path: string;
  shown: Shown;
  answers: Answers;
  items: LevelComponent;
  onAnswer(key: string, answer: Answer | undefined): void;
};

/** Fields under one heading: their answers stand beside the others, or, where the group repeats, in a list of entries. */
export function Group({ group, path, shown, answers, items: Items, onAnswer }: Props) {
  const language = useContext(LanguageContext);
  const help = textIn(group.help, language);
  const problem = useForm().problems.get(path);
  const id = idOf(path);
  const { items, entries } = shown;
  return (
    <fieldset class="group" id={id} tabIndex={-1} aria-describedby={problem && `${id}-problem`}>
      <legend>{textIn(group.label, language)}</legend>
      {help && <p class="help">{help}</p>}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      {items && (
        <Items
          shown={items}
          answers={answers}
          onAnswer={onAnswer}
          outer={path.slice(0, -group.key.length - 1)}
        />
      )}
      {entries && <Entries {...{ group, path, shown: entries, answers, items: Items, onAnswer }} />}
    </fieldset>
  );
}

function Entries({
  group,
  path,
  shown,
  answers,
  items: Items,
  onAnswer,
}: Omit<Props, "shown"> & { shown: Shown[][] }) {
  const language = useContext(LanguageContext);
  const say = useTexts(formTexts);
  const entries = entriesOf(group, answers);
  const { min = 0, max = Number.POSITIVE_INFINITY } = group.repeat ?? {};
  const name = textIn(group.label, language);
  const replace = (next: Answers[]) => onAnswer(group.key, next.length > 0 ? next : undefined);

  // Whoever adds an entry goes on in it; whoever removes one, at the button that adds.
  const list = useRef<HTMLDivElement>(null);
  const count = useRef(entries.length);
  useLayoutEffect(() => {
    if (entries.length > count.current)
      list.current?.querySelector<HTMLElement>(".entry:last-of-type :is(input, select, textarea)")?.focus();
    if (entries.length < count.current) list.current?.querySelector<HTMLElement>(".add")?.focus();
    count.current = entries.length;
  });

  return (
    <div ref={list}>
      {entries.map((entry, index) => (
        <fieldset class="entry" key={index}>
          <legend>{say("entry", { name, number: index + 1 })}</legend>
          <Items
            shown={shown[index] ?? []}
            answers={entry}
            outer={pathOfEntry(path, index)}
            onAnswer={(key, answer) => replace(entries.with(index, withAnswer(entry, key, answer)))}
          />
          {entries.length > min && (
            <button
              type="button"
              aria-label={say("remove_entry", { name, number: index + 1 })}
              onClick={() => replace(entries.toSpliced(index, 1))}
            >
              {say("remove")}
            </button>
          )}
        </fieldset>
      ))}
      {entries.length < max && (
        <button type="button" class="add" onClick={() => replace([...entries, {}])}>
          {say("add_entry", { name })}
        </button>
      )}
    </div>
  );
}

export function withAnswer(answers: Answers, key: string, answer: Answer | undefined): Answers {
  const { [key]: _, ...others } = answers;
  return answer === undefined ? others : { ...others, [key]: answer };
}
