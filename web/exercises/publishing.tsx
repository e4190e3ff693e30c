import { useContext, useState } from "preact/hooks";
import { type Client, refusalOf } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { locales } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import {
  ArchiveExerciseDocument,
  BumpExerciseAssetVersionDocument,
  PublishExerciseDocument,
  ReopenExerciseDocument,
  ReviewContraindicationsDocument,
} from "../documents/generated/operations.ts";
import { exerciseTexts } from "../texts/exercises/index.ts";
import { type Exercise, textIn } from "./draft.ts";
import { wordsOfLack } from "./missing.ts";
import { severities } from "./schema.ts";

/** How an exercise stands: what it lacks, whom it may harm and whether that was reviewed, and what can be done with it. */
export function Publishing({
  client,
  exercise,
  isWritten,
  lacking,
  onLacking,
  onChanged,
}: {
  client: Client;
  exercise: Exercise;
  /** Something is written that is not saved: what is saved is what would be published. */
  isWritten: boolean;
  /** What kept it from being published. */
  lacking: readonly string[];
  onLacking(missing: readonly string[]): void;
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(exerciseTexts);
  const language = useContext(LanguageContext);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [told, setTold] = useState<"published" | "reopened" | "archived" | "bumped" | "reviewed" | null>(
    null,
  );
  /** In how many plans of patients it is, where that kept it from being archived. */
  const [inUse, setInUse] = useState<number | null>(null);
  const [isActing, setActing] = useState(false);
  const { id, status, missing } = exercise;
  const toReview = exercise.exerciseContraindications.nodes.filter(({ reviewedAt }) => !reviewedAt);

  const act = async (what: NonNullable<typeof told>, done: () => Promise<unknown>) => {
    if (isActing) return;
    setActing(true);
    setFailure(null);
    setTold(null);
    setInUse(null);
    onLacking([]);
    try {
      await done();
      await onChanged();
      setTold(what);
    } catch (error) {
      const incomplete = refusalOf(error, "STATE", "exercise_incomplete");
      const used = refusalOf(error, "CONFLICT", "exercise_in_use");
      if (incomplete) onLacking(incomplete.details.missing);
      if (used) setInUse(used.details.count);
      else
        setFailure(
          incomplete
            ? { message: say("incomplete"), code: "STATE exercise_incomplete", isNetwork: false }
            : failureOf(error, say("offline")),
        );
    }
    setActing(false);
  };
  const archive = (although: boolean) =>
    act("archived", () => client.ask(ArchiveExerciseDocument, { exercise: id, although }));
  const day = new Intl.DateTimeFormat(locales[language], { dateStyle: "long" });

  return (
    <section aria-label={say("standing")}>
      <p>
        <span class="state">{say(`status_${status}`)}</span>{" "}
        <span class="soft">{say("asset_version", { version: exercise.assetVersion })}</span>
      </p>
      {missing.length > 0 && status !== "ARCHIVED" && (
        <>
          <p>{say("lacks_all")}</p>
          <ul>
            {missing.map((lack) => (
              <li key={lack}>{wordsOfLack(lack, language)}</li>
            ))}
          </ul>
        </>
      )}
      {exercise.exerciseContraindications.nodes.length > 0 && (
        <>
          <h2>{say("contraindications")}</h2>
          <ul class="plain">
            {exercise.exerciseContraindications.nodes.map((one) => (
              <li key={one.id}>
                <strong>{severities[one.severity.toLowerCase() as keyof typeof severities][language]}</strong>
                . {textIn(one.text, language)}{" "}
                <span class="soft">
                  {one.reviewedAt
                    ? say("reviewed_on", { day: day.format(new Date(one.reviewedAt)) })
                    : say("not_reviewed")}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {toReview.length > 0 && lacking.includes("review_of_contraindications") && (
        <p class="problem">{say("lacks_review_of_contraindications")}</p>
      )}
      <FailureNotice failure={failure} />
      <div role="alert">
        {inUse !== null && (
          <div class="notice bad">
            <p>{say("in_use", { count: inUse })}</p>
            <p class="actions">
              <button type="button" class="danger" onClick={() => void archive(true)}>
                {say("archive_although")}
              </button>
              <button type="button" onClick={() => setInUse(null)}>
                {say("archive_not")}
              </button>
            </p>
          </div>
        )}
      </div>
      <p role="status">{told && say(`told_${told}`, { version: exercise.assetVersion })}</p>
      {isWritten ? (
        <p class="soft">{say("save_first")}</p>
      ) : (
        <p class="actions">
          {toReview.length > 0 && (
            <button
              type="button"
              onClick={() =>
                void act("reviewed", () => client.ask(ReviewContraindicationsDocument, { exercise: id }))
              }
            >
              {say("review")}
            </button>
          )}
          {status === "DRAFT" && (
            <button
              type="button"
              class="main"
              aria-disabled={isActing}
              onClick={() =>
                void act("published", () => client.ask(PublishExerciseDocument, { exercise: id }))
              }
            >
              {say("publish")}
            </button>
          )}
          {status !== "DRAFT" && (
            <button
              type="button"
              onClick={() => void act("reopened", () => client.ask(ReopenExerciseDocument, { exercise: id }))}
            >
              {say("reopen")}
            </button>
          )}
          <button
            type="button"
            onClick={() =>
              void act("bumped", () => client.ask(BumpExerciseAssetVersionDocument, { exercise: id }))
            }
          >
            {say("bump")}
          </button>
          {status !== "ARCHIVED" && (
            <button type="button" class="danger" onClick={() => void archive(false)}>
              {say("archive")}
            </button>
          )}
        </p>
      )}
    </section>
  );
}
