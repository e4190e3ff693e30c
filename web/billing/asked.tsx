import type { ComponentChildren } from "preact";
import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Failure, failureOf } from "../components/failure.ts";
import { keptInTab } from "../components/kept.ts";
import { FailureNotice } from "../components/notice.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { problemsOf } from "../exercises/problems.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import { asValues, type Choice, type Schema, type Values } from "../schema_form/schema.ts";
import { billingTexts } from "../texts/billing/index.ts";

/** What is wrong with what was typed, by the path of its field, told before the API is asked. */
export class Untyped extends Error {
  readonly problems: ReadonlyMap<string, string>;

  constructor(problems: Record<string, string>) {
    super("Something that was typed is not what it should be.");
    this.problems = new Map(Object.entries(problems));
  }
}

export type AskedProps = {
  /** What it is about, for ears. */
  name: string;
  schema: Schema;
  values: Values;
  choices?: Readonly<Record<string, readonly Choice[]>>;
  /** What the button says that does it. */
  go: string;
  /** Whether it takes something away. */
  isDanger?: boolean;
  /** What stands between the fields and the buttons: what would follow from what was typed. */
  under?(values: Values): ComponentChildren;
  /** Under which name the tab keeps what was typed until it is done, but for the fields that nobody may find there. */
  keptAs?: { name: string; without: readonly string[] };
  /** Does it; what it throws is told at the field that it is about, and below. */
  onGo(values: Values): Promise<unknown>;
  onCancel(): void;
};

/** A small form that asks what a verb needs, and stays with what was typed while the verb is refused. */
export function Asked({
  name,
  schema,
  values,
  choices = {},
  go,
  isDanger,
  under,
  keptAs,
  onGo,
  onCancel,
}: AskedProps) {
  const say = useTexts(billingTexts);
  const language = useContext(LanguageContext);
  const form = useRef<HTMLFormElement>(null);
  const kept = keptAs && keptInTab<{ draft: Values }>(keptAs.name);
  const [wanted, setWanted] = useState<Values>(() => kept?.read().draft ?? values);
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isGoing, setGoing] = useState(false);
  useLayoutEffect(() => {
    const { current } = form;
    (
      current?.querySelector<HTMLElement>("input, select, textarea") ?? current?.querySelector("button")
    )?.focus();
  }, []);
  useLayoutEffect(
    () => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
    [problems],
  );

  const onSubmit = async () => {
    if (isGoing) return;
    setGoing(true);
    setFailure(null);
    setProblems(new Map());
    try {
      await onGo(wanted);
      kept?.forget();
    } catch (error) {
      if (error instanceof Untyped) setProblems(error.problems);
      else {
        setProblems(problemsOf(error));
        setFailure(failureOf(error, say("offline")));
      }
    }
    setGoing(false);
  };
  return (
    <form
      ref={form}
      class="entry"
      noValidate
      aria-label={name}
      onSubmit={(submitted) => {
        submitted.preventDefault();
        void onSubmit();
      }}
    >
      <SchemaForm
        schema={schema}
        value={wanted}
        problems={problems}
        language={language}
        choices={choices}
        onChange={(next) => {
          setProblems(new Map());
          const draft = asValues(next);
          setWanted(draft);
          kept?.write({
            draft: Object.fromEntries(
              Object.entries(draft).filter(([field]) => !keptAs?.without.includes(field)),
            ),
          });
        }}
      />
      {under?.(wanted)}
      <FailureNotice failure={failure} />
      <p class="actions">
        <button type="submit" class={isDanger ? "danger" : "main"} aria-disabled={isGoing}>
          {go}
        </button>
        <button
          type="button"
          onClick={() => {
            kept?.forget();
            onCancel();
          }}
        >
          {say("do_not")}
        </button>
      </p>
    </form>
  );
}
