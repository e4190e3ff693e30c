import { useContext, useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { textIn } from "../exercises/draft.ts";
import { prescribedIn } from "../exercises/prescribed.ts";
import { severities } from "../exercises/schema.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { ClinicSession } from "./clinic_session.tsx";
import type { May, Place, Prescribed, SessionOfPlan } from "./plan.ts";
import { Recordings } from "./recordings.tsx";

type Log = SessionOfPlan["exerciseLogs"]["nodes"][number];

/** A session: when it is due and where it stands; opened, each exercise with what was prescribed beside what was done. */
export function SessionRow({
  client,
  may,
  place,
  session,
  dueOn,
  onChanged,
}: {
  client: Client;
  may: May;
  place: Place;
  session: SessionOfPlan;
  dueOn: string;
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const [isOpened, setOpened] = useState(false);
  const { painBefore, painAfter } = session;
  return (
    <li>
      <details onToggle={({ currentTarget }) => currentTarget.open && setOpened(true)}>
        <summary>
          {dueOn} · {textIn(session.title, language)}{" "}
          <span class="state">{say(`session_${session.status}`)}</span>
          {session.isExtra && ` · ${say("extra")}`}
          {painBefore !== null && painAfter !== null && (
            <span class="soft"> {say("pain_from_to", { before: painBefore, after: painAfter })}</span>
          )}
        </summary>
        <ol>
          {(session.exercises as Prescribed[]).map((exercise, i) => (
            <li key={`${i}`}>
              <ExerciseOfSession
                exercise={exercise}
                log={session.exerciseLogs.nodes.find(({ place }) => place === i + 1)}
              />
            </li>
          ))}
        </ol>
        {(session.exercises as Prescribed[]).length === 0 && (
          <p>{say(session.place === "CLINIC" ? "in_the_clinic" : "no_exercises")}</p>
        )}
        {session.place === "CLINIC" && (
          <ClinicSession client={client} may={may} place={place} session={session} onChanged={onChanged} />
        )}
        {isOpened && may.seeSessions && session.place === "HOME" && session.status !== "DUE" && (
          <Recordings client={client} session={session.id} exercises={session.exercises as Prescribed[]} />
        )}
      </details>
    </li>
  );
}

/** An exercise is never shown without its contraindications. */
function ExerciseOfSession({ exercise, log }: { exercise: Prescribed; log: Log | undefined }) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  return (
    <>
      <p>
        <strong>{textIn(exercise.names, language)}</strong>
      </p>
      <dl class="facts">
        <dt>{say("prescribed")}</dt>
        <dd>{prescribedIn(exercise.prescription, language)}</dd>
        <dt>{say("actual")}</dt>
        <dd>
          {log ? (
            <>
              {amountIn(say, log.actualSets, log.actualReps, log.actualSeconds)}
              {log.actualSource && ` (${say(`source_${log.actualSource}`)})`}
            </>
          ) : (
            say("nothing_entered")
          )}
        </dd>
        {log?.actualSource === "POSE" && (
          <>
            <dt>{say("entered")}</dt>
            <dd>{amountIn(say, log.enteredSets, log.enteredReps, log.enteredSeconds)}</dd>
          </>
        )}
        {log?.videoWatchPercentage != null && (
          <>
            <dt>{say("watched")}</dt>
            <dd>{log.videoWatchPercentage} %</dd>
          </>
        )}
        {log?.note && (
          <>
            <dt>{say("note")}</dt>
            <dd class="lines">{log.note}</dd>
          </>
        )}
      </dl>
      <ul>
        {exercise.contraindications.map(({ id, severity, text }) => (
          <li key={id}>
            {severities[severity][language]}: {textIn(text, language)}
          </li>
        ))}
      </ul>
    </>
  );
}

type SayAmount = (
  key: "amount_sets" | "amount_reps" | "amount_seconds" | "nothing_entered",
  values?: Record<string, string | number>,
) => string;

function amountIn(say: SayAmount, sets: number | null, reps: number | null, seconds: number | null): string {
  const said = [
    ...(sets === null ? [] : [say("amount_sets", { count: sets })]),
    ...(reps === null ? [] : [say("amount_reps", { count: reps })]),
    ...(seconds === null ? [] : [say("amount_seconds", { count: seconds })]),
  ];
  return said.length > 0 ? said.join(", ") : say("nothing_entered");
}
