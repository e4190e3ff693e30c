import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { keptInTab } from "../components/kept.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import { asValues, type Values } from "../schema_form/schema.ts";
import { isSame } from "../templates/same.ts";
import { exerciseTexts } from "../texts/exercises/index.ts";
import { draftOf, type Exercise, nameOf, nothingYet, type Term, termChoices } from "./draft.ts";
import { placesOf } from "./missing.ts";
import { problemsOf } from "./problems.ts";
import { Publishing } from "./publishing.tsx";
import { save } from "./saving.ts";
import { exerciseSchema } from "./schema.ts";
import { Videos } from "./videos.tsx";

/** One exercise: what it is and says, how it stands, and its videos. */
export function EditedExercise({
  client,
  terms,
  exercise,
  onSaved,
  onDone,
}: {
  client: Client;
  terms: readonly Term[];
  /** Null: a new one. */
  exercise: Exercise | null;
  /** It is another than it was: read it again. */
  onSaved(exercise: UUID): Promise<Exercise>;
  onDone(): void;
}) {
  const say = useTexts(exerciseTexts);
  const language = useContext(LanguageContext);
  const form = useRef<HTMLFormElement>(null);
  const kept = keptInTab<{ draft: Values }>(`exercise-${exercise?.id ?? "new"}`);
  const saved = exercise ? draftOf(exercise, terms) : nothingYet;
  const [draft, setDraft] = useState<Values>(() => kept.read().draft ?? saved);
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [lacking, setLacking] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [told, setTold] = useState<"saved" | null>(null);
  const isWritten = !isSame(draft, saved);

  // Where the first thing is wrong, there the person goes on.
  useLayoutEffect(
    () =>
      form.current
        ?.querySelector<HTMLElement>(
          '[aria-invalid="true"], fieldset.wrong :is(input, select, textarea, button)',
        )
        ?.focus(),
    [problems],
  );

  const change = (next: Values) => {
    setProblems(new Map());
    setTold(null);
    setDraft(next);
    kept.write({ draft: next });
  };
  const onSubmit = async () => {
    if (isSaving) return;
    setSaving(true);
    let created: UUID | undefined;
    setFailure(null);
    setProblems(new Map());
    setTold(null);
    try {
      const id = await save(client, exercise, saved, draft, (made) => {
        created = made;
      });
      kept.forget();
      setDraft(draftOf(await onSaved(id), terms));
      setTold("saved");
    } catch (error) {
      // It is there now, though not all of it: what was written stays in the form.
      if (created) await onSaved(created).catch(() => undefined);
      setProblems(problemsOf(error));
      setFailure(failureOf(error, say("offline")));
    }
    setSaving(false);
  };

  return (
    <>
      <StepHeading>{exercise ? nameOf(exercise, language) : say("new")}</StepHeading>
      {exercise && (
        <Publishing
          client={client}
          exercise={exercise}
          isWritten={isWritten}
          onChanged={() => onSaved(exercise.id)}
          lacking={lacking}
          onLacking={(missing) => {
            setLacking(missing);
            setProblems(placesOf(missing, language));
          }}
        />
      )}
      <form
        ref={form}
        noValidate
        onSubmit={(submitted) => {
          submitted.preventDefault();
          void onSubmit();
        }}
      >
        <h2>{say("what_it_is")}</h2>
        <SchemaForm
          schema={exerciseSchema(exercise === null)}
          value={draft}
          problems={problems}
          language={language}
          choices={termChoices(terms, language)}
          onChange={(next) => change(asValues(next))}
        />
        <FailureNotice failure={failure} />
        <p role="status">{told && say(told)}</p>
        <p class="actions">
          <button type="submit" class="main" aria-disabled={isSaving}>
            {say("save")}
          </button>
          {isWritten && exercise && (
            <button
              type="button"
              onClick={() => {
                change(saved);
                kept.forget();
              }}
            >
              {say("as_saved")}
            </button>
          )}
          <button type="button" onClick={onDone}>
            {say("back")}
          </button>
        </p>
        {isWritten && <p class="soft">{say("not_saved")}</p>}
      </form>
      {exercise && (
        <Videos
          client={client}
          exercise={exercise}
          isLacking={lacking.includes("catalog_render") && exercise.missing.includes("catalog_render")}
          onChanged={() => onSaved(exercise.id)}
        />
      )}
    </>
  );
}
