import { useContext, useEffect, useState } from "preact/hooks";
import { type Client, Unreachable, type UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { lazily } from "../components/lazily.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { ExerciseLibraryDocument, OneExerciseDocument } from "../documents/generated/operations.ts";
import { exerciseTexts } from "../texts/exercises/index.ts";
import { type Exercise, type Listed, nameOf, type Term, termChoices } from "./draft.ts";
import { Filters, fits, type Wanted, wantsAll } from "./filters.tsx";

const EditedExercise = lazily(async () => (await import("./edited_exercise.tsx")).EditedExercise);

type Known = { isOurs: boolean; exercises: Listed[]; terms: readonly Term[] };

/** All exercises of the platform, narrowed by what they are; and one as it is written. */
export function Library({ client, onSignOut }: { client: Client; onSignOut(): void }) {
  const say = useTexts(exerciseTexts);
  const language = useContext(LanguageContext);
  const [known, setKnown] = useState<Known | null>(null);
  const [opened, setOpened] = useState<Exercise | "new" | null>(null);
  const [wanted, setWanted] = useState<Wanted>(wantsAll);
  const [failure, setFailure] = useState<Failure | null>(null);

  const attempt = async (done: () => Promise<void>) => {
    setFailure(null);
    try {
      await done();
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  const load = () =>
    attempt(async () => {
      let page = await client.ask(ExerciseLibraryDocument, {});
      const exercises = [...page.exercises.nodes];
      while (page.exercises.pageInfo.hasNextPage) {
        page = await client.ask(ExerciseLibraryDocument, { after: page.exercises.pageInfo.endCursor });
        exercises.push(...page.exercises.nodes);
      }
      setKnown({ isOurs: page.runsPlatform === true, exercises, terms: page.exerciseTerms.nodes });
    });
  const open = (exercise: UUID) => attempt(async () => setOpened(await read(exercise)));
  const read = async (exercise: UUID) => {
    const { exercise: found } = await client.ask(OneExerciseDocument, { exercise });
    if (!found) throw new Unreachable("The exercise is not there.");
    return found;
  };
  useEffect(() => void load(), [client]);

  if (known?.isOurs && opened)
    return (
      <EditedExercise
        client={client}
        terms={known.terms}
        exercise={opened === "new" ? null : opened}
        onSaved={async (exercise) => {
          const found = await read(exercise);
          setOpened(found);
          return found;
        }}
        onDone={() => {
          setOpened(null);
          void load();
        }}
      />
    );
  const shown = known?.exercises.filter((one) => fits(one, wanted, known.terms)) ?? [];
  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <p>{say("intro")}</p>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {known && !known.isOurs && <p>{say("not_yours")}</p>}
      {known?.isOurs && (
        <>
          <p class="actions">
            <button type="button" class="main" onClick={() => setOpened("new")}>
              {say("new")}
            </button>
            <a class="button" href="/treatment">
              {say("to_plans")}
            </a>
          </p>
          <Filters
            wanted={wanted}
            regions={termChoices(known.terms, language).body_region ?? []}
            onChange={setWanted}
          />
          <p role="status">{say("found", { count: shown.length })}</p>
          <ul class="choices">
            {shown.map((one) => (
              <li key={one.id}>
                <button type="button" onClick={() => void open(one.id)}>
                  {nameOf(one, language)}{" "}
                  <span class="soft">
                    {[
                      say(`status_${one.status}`),
                      say(`kind_${one.kind}`),
                      say("difficulty", { difficulty: one.difficulty }),
                      ...(one.missing.length > 0 ? [say("lacks", { count: one.missing.length })] : []),
                    ].join(" · ")}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <button type="button" onClick={onSignOut}>
          {say("sign_out")}
        </button>
      </p>
    </>
  );
}
